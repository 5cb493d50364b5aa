package org.portals4j;

/**
 * An immutable set of options: the {@code options} word of a Portals structure, typed.
 *
 * <pre>{@code
 * OptionSet<EntryOption> options = OptionSet.of(EntryOption.OP_PUT, EntryOption.USE_ONCE);
 * }</pre>
 *
 * @param <E> the kind of option
 */
public final class OptionSet<E extends Enum<E>> {
    private static final OptionSet<?> NONE = new OptionSet<>(0);

    private final long bits;

    private OptionSet(final long bits) {
        this.bits = bits;
    }

    /**
     * The empty set.
     *
     * @param <E> the kind of option
     * @return the empty set
     */
    @SuppressWarnings("unchecked") // an empty set holds no element of any type
    public static <E extends Enum<E>> OptionSet<E> none() {
        return (OptionSet<E>) NONE;
    }

    /**
     * A set of the given options.
     *
     * @param options the options, in any order
     * @param <E> the kind of option
     * @return the set
     */
    @SafeVarargs
    public static <E extends Enum<E>> OptionSet<E> of(final E... options) {
        long bits = 0;
        for (final E option : options) {
            bits |= bit(option);
        }
        return new OptionSet<>(bits);
    }

    /**
     * This set and one more option.
     *
     * @param option the option to add
     * @return a set that contains it
     */
    public OptionSet<E> with(final E option) {
        return new OptionSet<>(bits | bit(option));
    }

    /**
     * Whether the set contains an option.
     *
     * @param option the option
     * @return true if it does
     */
    public boolean contains(final E option) {
        return (bits & bit(option)) != 0;
    }

    /**
     * The set as a word: bit {@code option.ordinal()} is set for each option.
     *
     * @return the word
     */
    public long bits() {
        return bits;
    }

    /**
     * The bit that stands for an option in {@link #bits()}.
     *
     * @param option the option
     * @return a word with one bit set
     */
    public static long bit(final Enum<?> option) {
        return 1L << option.ordinal();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof OptionSet<?> that && that.bits == bits;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public String toString() {
        return "OptionSet[0x" + Long.toHexString(bits) + "]";
    }
}
