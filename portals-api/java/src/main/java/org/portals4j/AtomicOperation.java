package org.portals4j;

/**
 * The operations of atomics: ptl_op_t (Portals 4.3, section 3.15.4). {@link #MIN} to {@link #BXOR}
 * are those of {@link NetworkInterface#atomic} and {@link NetworkInterface#fetchAtomic}, {@link
 * #SWAP} to {@link #MSWAP} those of {@link NetworkInterface#swap}.
 *
 * <p>Below, {@code t} is the element at the target, {@code d} the initiator's element, and {@code
 * o} the operand of a swap. Comparisons are those of C: numeric, unsigned for unsigned integers,
 * and false where a NaN takes part (so {@link #CSWAP_NE} is true).
 */
public enum AtomicOperation {
    /** {@code if (d < t) t = d}. */
    MIN,
    /** {@code if (d > t) t = d}. */
    MAX,
    /** {@code t = t + d}; integers wrap around. */
    SUM,
    /** {@code t = t * d}; integers wrap around. */
    PROD,
    /** {@code t = t || d}: 0 or 1. */
    LOR,
    /** {@code t = t && d}: 0 or 1. */
    LAND,
    /** {@code t = t | d}. */
    BOR,
    /** {@code t = t & d}. */
    BAND,
    /** {@code t = !t != !d}: 0 or 1. */
    LXOR,
    /** {@code t = t ^ d}. */
    BXOR,
    /** {@code t = d}. */
    SWAP,
    /** {@code if (o == t) t = d}. */
    CSWAP,
    /** {@code if (o != t) t = d}. */
    CSWAP_NE,
    /** {@code if (o <= t) t = d}. */
    CSWAP_LE,
    /** {@code if (o < t) t = d}. */
    CSWAP_LT,
    /** {@code if (o >= t) t = d}. */
    CSWAP_GE,
    /** {@code if (o > t) t = d}. */
    CSWAP_GT,
    /** {@code t = (t & ~o) | (d & o)}: the bits that the operand selects. */
    MSWAP;

    /**
     * Whether it is an operation of {@link NetworkInterface#swap}.
     *
     * @return true for SWAP to MSWAP
     */
    public boolean isSwap() {
        return ordinal() >= SWAP.ordinal();
    }

    /**
     * Whether it takes an operand beside the data.
     *
     * @return true for CSWAP to MSWAP
     */
    public boolean hasOperand() {
        return ordinal() > SWAP.ordinal();
    }

    /**
     * Whether it is defined for elements of a type.
     *
     * @param datatype the type
     * @return false if a call with both is refused with ARG_INVALID
     */
    public boolean isDefinedFor(final Datatype datatype) {
        return switch (this) {
            case MIN, MAX, CSWAP_LE, CSWAP_LT, CSWAP_GE, CSWAP_GT -> !datatype.isComplex();
            case SUM, PROD, SWAP, CSWAP, CSWAP_NE -> true;
            case LOR, LAND, BOR, BAND, LXOR, BXOR, MSWAP -> datatype.isInteger();
        };
    }
}
