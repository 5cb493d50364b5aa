package org.portals4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OptionSetTest {
    @Test
    void containsWhatItWasMadeOf() {
        final OptionSet<EntryOption> set =
                OptionSet.of(EntryOption.OP_PUT, EntryOption.MAY_ALIGN, EntryOption.OP_PUT);
        for (final EntryOption option : EntryOption.values()) {
            final boolean expected =
                    option == EntryOption.OP_PUT || option == EntryOption.MAY_ALIGN;
            assertEquals(expected, set.contains(option), option::name);
        }
    }

    @Test
    void isImmutable() {
        final OptionSet<MdOption> none = OptionSet.none();
        final OptionSet<MdOption> one = none.with(MdOption.VOLATILE);
        assertFalse(none.contains(MdOption.VOLATILE));
        assertTrue(one.contains(MdOption.VOLATILE));
        assertEquals(one, one.with(MdOption.VOLATILE));
        assertEquals(one.hashCode(), OptionSet.of(MdOption.VOLATILE).hashCode());
        assertNotEquals(none, one);
    }

    @Test
    void everyOptionHasABitOfItsOwn() {
        long all = 0;
        for (final EntryOption option : EntryOption.values()) {
            assertEquals(0, all & OptionSet.bit(option), option::name);
            all |= OptionSet.bit(option);
        }
        assertEquals(all, OptionSet.of(EntryOption.values()).bits());
        assertEquals(0, OptionSet.none().bits());
    }
}
