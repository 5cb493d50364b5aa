package org.portals4j;

/**
 * The datatypes of atomic operations: ptl_datatype_t (Portals 4.3, section 3.15.4). Elements have
 * the byte order of the processor and need no alignment. A complex element is its real part, then
 * its imaginary part.
 */
public enum Datatype {
    /** 8 bits, signed. */
    INT8(1),
    /** 8 bits, unsigned. */
    UINT8(1),
    /** 16 bits, signed. */
    INT16(2),
    /** 16 bits, unsigned. */
    UINT16(2),
    /** 32 bits, signed. */
    INT32(4),
    /** 32 bits, unsigned. */
    UINT32(4),
    /** 64 bits, signed. */
    INT64(8),
    /** 64 bits, unsigned. */
    UINT64(8),
    /** IEEE 754 binary32. */
    FLOAT(4),
    /** Two {@link #FLOAT}. */
    FLOAT_COMPLEX(8),
    /** IEEE 754 binary64. */
    DOUBLE(8),
    /** Two {@link #DOUBLE}. */
    DOUBLE_COMPLEX(16),
    /**
     * {@code long double} of C on x86-64, on every processor: 80 bits extended precision in 16
     * bytes. The 6 bytes of padding are moved by swaps and left alone by all other operations.
     */
    LONG_DOUBLE(16),
    /** Two {@link #LONG_DOUBLE}. */
    LONG_DOUBLE_COMPLEX(32);

    private final int size;

    Datatype(final int size) {
        this.size = size;
    }

    /**
     * The size of one element.
     *
     * @return bytes
     */
    public int size() {
        return size;
    }

    /**
     * Whether it is one of the eight integers.
     *
     * @return true for INT8 to UINT64
     */
    public boolean isInteger() {
        return ordinal() <= UINT64.ordinal();
    }

    /**
     * Whether it has a real and an imaginary part.
     *
     * @return true for the three complex types
     */
    public boolean isComplex() {
        return this == FLOAT_COMPLEX || this == DOUBLE_COMPLEX || this == LONG_DOUBLE_COMPLEX;
    }
}
