package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

/** The place of a header in one index of an {@link UnexpectedList}. Pooled. */
final class HeaderNode extends Keyed {
    /** The header, null in the pool. */
    @Nullable Arrival arrival;

    /** The index that it is in. */
    @Nullable HeaderIndex index;

    /** The header's place in another index; in the pool, the next that is free. */
    @Nullable HeaderNode sibling;
}
