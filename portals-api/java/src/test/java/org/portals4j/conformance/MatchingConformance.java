package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Which entry a message meets, and what becomes of the entry. */
abstract class MatchingConformance extends ConformanceTest {
    private MemoryDescriptor md;

    MatchingConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void bitsMustBeEqualWhereNotIgnored() {
        md = bind(arena.allocate(8));
        link(puts().matchBits(0xff00_0000_0000_00ffL), 1);
        link(puts().matchBits(0x1200_0000_0000_0034L).ignoreBits(0x00ff_ffff_ffff_ff00L), 2);
        link(puts().matchBits(-1).ignoreBits(0x8000_0000_0000_0000L), 3);
        goesTo(1, 0xff00_0000_0000_00ffL);
        goesTo(2, 0x1200_0000_0000_0034L);
        goesTo(2, 0x12ab_cdef_0123_4534L);
        goesTo(3, -1);
        goesTo(3, Long.MAX_VALUE);
        putRefused(md, 8, 0xff00_0000_0000_00feL, 8, NiFail.DROPPED);
        putRefused(md, 8, 0x1200_0000_0000_0035L, 9, NiFail.DROPPED);
        putRefused(md, 8, Long.MAX_VALUE - 1, 10, NiFail.DROPPED);
        link(puts().matchBits(5).ignoreBits(-1), 4);
        goesTo(4, 0xff00_0000_0000_00feL);
        assertRegisters(3, 0, 0);
    }

    @Test
    void sourceMayBeWildcardInEachPart() {
        final ProcessId me = initiator.id();
        md = bind(arena.allocate(8));
        link(puts().source(me.nid() + 1, me.pid()), 1);
        link(puts().source(me.nid(), me.pid() + 1), 2);
        link(puts().source(me.nid() + 1, ProcessId.PID_ANY), 3);
        link(puts().source(ProcessId.NID_ANY, me.pid() + 1), 4);
        putRefused(md, 8, 0, 1, NiFail.DROPPED);
        final List<MatchEntry> matching =
                List.of(
                        puts().source(me),
                        puts().source(me.nid(), ProcessId.PID_ANY),
                        puts().source(ProcessId.NID_ANY, me.pid()),
                        puts().source(ProcessId.ANY),
                        puts());
        for (int i = 0; i < matching.size(); i++) {
            final long handle = link(matching.get(i), 10 + i);
            goesTo(10 + i, 0);
            assertEquals(ReturnCode.OK, portal.unlink(handle));
            putRefused(md, 8, 0, 20 + i, NiFail.DROPPED);
        }
    }

    @Test
    void firstInListOrderWins() {
        md = bind(arena.allocate(8));
        final long[] handles = new long[8];
        for (int i = 0; i < handles.length; i++) {
            final MatchEntry entry = puts().matchBits(i % 2 == 0 ? 6 : 0);
            if (i % 2 == 1) {
                entry.ignoreBits(-1);
            }
            handles[i] = link(i % 3 == 0 ? entry.source(initiator.id()) : entry, i);
        }
        for (int i = 0; i < handles.length; i++) {
            goesTo(i, 6);
            assertEquals(ReturnCode.OK, portal.unlink(handles[i]));
        }
    }

    @Test
    void priorityListBeforeOverflowList() {
        md = bind(arena.allocate(8));
        link(puts().ignoreBits(-1), ListKind.OVERFLOW, 1);
        final long first = link(puts().matchBits(5), 2);
        goesTo(2, 5);
        goesTo(1, 6);
        assertEquals(ReturnCode.OK, portal.unlink(first));
    }

    /** An entry that does not permit the operation ends the search: later ones are not tried. */
    @Test
    void permissionIsCheckedAfterTheMatch() {
        md = bind(arena.allocate(8));
        link(entry(arena.allocate(8), EntryOption.OP_GET), 1);
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 2);
        putRefused(md, 8, 0, 3, NiFail.OP_VIOLATION);
        assertQuiet();
        reopenInterfaces(limits());
        openObjects();
        md = bind(arena.allocate(8));
        link(puts().uid(initiator.uid() + 1), 1);
        link(puts(), 2);
        putRefused(md, 8, 0, 3, NiFail.PERM_VIOLATION);
        assertQuiet();
        assertRegisters(0, 1, 0);
    }

    @Test
    void noTruncateIsSkippedByLongerMessages() {
        md = bind(arena.allocate(300));
        link(sized(100, EntryOption.NO_TRUNCATE), 1);
        link(sized(200, EntryOption.NO_TRUNCATE), 2);
        putTo(1, 100, 0, 100);
        putTo(2, 101, 0, 101);
        putTo(1, 60, 40, 60);
        putTo(2, 60, 41, 60);
        putTo(2, 0, 150, 0);
        putRefused(md, 201, 0, 3, NiFail.DROPPED);
        link(sized(50), 3);
        putTo(3, 201, 0, 50);
    }

    /** With local offsets NO_TRUNCATE looks at the room that is left, not at the offset asked. */
    @Test
    void noTruncateOfManagedEntry() {
        md = bind(arena.allocate(300));
        link(sized(100, EntryOption.NO_TRUNCATE, EntryOption.MANAGE_LOCAL), 1);
        link(sized(10), 2);
        putTo(1, 60, 5000, 60);
        putTo(2, 41, 0, 10);
        putTo(1, 40, 0, 40);
        putTo(2, 1, 0, 1);
        putTo(1, 0, 0, 0);
    }

    @Test
    void offsetBeyondTheEntryMovesNothing() {
        md = bind(arena.allocate(300));
        final MemorySegment memory = arena.allocate(100).fill((byte) 4);
        link(entry(memory, EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        for (final long offset : new long[] {100, 101, 1L << 40, Long.MAX_VALUE}) {
            putTo(1, 200, offset, 0);
            assertEquals(0, getReplied(md, 200, 0, offset, 5).mlength());
            assertEquals(0, expect(targetQueue, EventKind.GET, 1).mlength());
        }
        final byte[] expected = new byte[100];
        Arrays.fill(expected, (byte) 4);
        Memory.assertBytes(expected, memory, 0, "entry");
        assertRegisters(0, 0, 0);
    }

    @Test
    void zeroLengthEntryMatches() {
        md = bind(arena.allocate(300));
        link(new MatchEntry().options(EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        putTo(1, 200, 0, 0);
        putTo(1, 0, 0, 0);
        assertEquals(0, getReplied(md, 200, 0, 0, 5).mlength());
    }

    @Test
    void useOnceTakesOneMessage() {
        md = bind(arena.allocate(300));
        final long handle = link(sized(100, EntryOption.USE_ONCE), 1);
        putTo(1, 300, 0, 100);
        expect(targetQueue, EventKind.AUTO_UNLINK, 1);
        putRefused(md, 1, 0, 2, NiFail.DROPPED);
        assertEquals(ReturnCode.ARG_INVALID, portal.unlink(handle));
    }

    @Test
    void managedEntryPacksMessages() {
        final MemorySegment from = arena.allocate(300);
        md = bind(from);
        final MemorySegment memory = arena.allocate(250);
        link(entry(memory, EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL), 1);
        final byte[] expected = new byte[250];
        int used = 0;
        for (int i = 0; i < 5; i++) {
            final byte[] data = Memory.pattern(i, 60);
            Memory.fill(from, 0, data);
            final int moved = Math.min(60, 250 - used);
            final Event ack = putAcked(md, 60, 0, 9, i);
            assertEquals(moved, ack.mlength());
            assertEquals(used, ack.remoteOffset());
            final Event event = expect(targetQueue, EventKind.PUT, 1);
            assertEquals(used, event.startOffset());
            System.arraycopy(data, 0, expected, used, moved);
            used += moved;
        }
        Memory.assertBytes(expected, memory, 0, "entry");
        assertEquals(0, putAcked(md, 60, 0, 0, 9).mlength());
    }

    /** Unlinked as soon as fewer than min_free bytes are left, not when exactly so many are. */
    @Test
    void minFreeUnlinks() {
        md = bind(arena.allocate(300));
        final long handle = link(sized(100, EntryOption.MANAGE_LOCAL).minFree(40), 1);
        putTo(1, 30, 0, 30);
        putTo(1, 30, 0, 30);
        assertQuiet();
        putTo(1, 1, 0, 1);
        expect(targetQueue, EventKind.AUTO_UNLINK, 1);
        putRefused(md, 1, 0, 2, NiFail.DROPPED);
        assertEquals(ReturnCode.ARG_INVALID, portal.unlink(handle));
    }

    /** One local offset serves puts and gets. */
    @Test
    void managedOffsetIsSharedByPutsAndGets() {
        md = bind(arena.allocate(300));
        link(sized(100, EntryOption.OP_GET, EntryOption.MANAGE_LOCAL).minFree(10), 1);
        putTo(1, 20, 0, 20);
        final Event reply = getReplied(md, 30, 0, 0, 2);
        assertEquals(20, reply.remoteOffset());
        expect(targetQueue, EventKind.GET, 1);
        assertEquals(50, putAcked(md, 45, 0, 0, 3).remoteOffset());
        expect(targetQueue, EventKind.PUT, 1);
        expect(targetQueue, EventKind.AUTO_UNLINK, 1);
    }

    @Test
    void unlinkEndsMatching() {
        md = bind(arena.allocate(8));
        final long a = link(puts(), 1);
        final long b = link(puts(), 2);
        goesTo(1, 0);
        assertEquals(ReturnCode.OK, portal.unlink(a));
        assertEquals(ReturnCode.ARG_INVALID, portal.unlink(a));
        goesTo(2, 0);
        assertEquals(ReturnCode.OK, portal.unlink(b));
        assertEquals(ReturnCode.ARG_INVALID, portal.unlink(b));
        putRefused(md, 8, 0, 3, NiFail.DROPPED);
        final long c = link(puts(), 4);
        assertEquals(ReturnCode.ARG_INVALID, portal.unlink(a), "a stale handle hits nothing");
        goesTo(4, 0);
        assertEquals(ReturnCode.OK, portal.unlink(c));
        assertQuiet();
    }

    /** Right after the last event of an entry nothing uses it any more. */
    @Test
    void unlinkRightAfterTheEvent() {
        md = bind(arena.allocate(50_000));
        for (int i = 0; i < 200; i++) {
            final long handle = link(sized(50_000), i);
            put(md, i % 2 == 0 ? 8 : 50_000, AckRequest.NO_ACK, 0, 0, i);
            expect(targetQueue, EventKind.PUT, i);
            assertEquals(ReturnCode.OK, portal.unlink(handle), this::history);
            expect(initiatorQueue, EventKind.SEND, i);
        }
    }

    /** Random lists and messages against a list that is walked. */
    @Test
    void randomListsAgainstLinearModel() {
        record Model(long bits, long ignore, boolean once, long user, long handle) {}
        final long seed = Long.getLong("portals.conformance.seed", System.nanoTime());
        System.out.println("randomLists " + topology + " portals.conformance.seed=" + seed);
        final Random random = new Random(seed);
        final long[] masks = {0, 1, 3, 6, -1};
        final List<Model> model = new ArrayList<>();
        md = bind(arena.allocate(8));
        for (int i = 0; i < 1500; i++) {
            final int what = random.nextInt(10);
            if (what < 4 && model.size() < 100) {
                final MatchEntry entry = puts();
                final boolean once = random.nextBoolean();
                if (once) {
                    entry.options(EntryOption.OP_PUT, EntryOption.USE_ONCE);
                }
                final long bits = random.nextInt(8);
                final long ignore = masks[random.nextInt(masks.length)];
                final long handle = link(entry.matchBits(bits).ignoreBits(ignore), i);
                model.add(new Model(bits, ignore, once, i, handle));
            } else if (what == 4 && !model.isEmpty()) {
                final Model gone = model.remove(random.nextInt(model.size()));
                assertEquals(ReturnCode.OK, portal.unlink(gone.handle()), "seed " + seed);
            } else {
                final long bits = random.nextInt(8);
                Model hit = null;
                final Iterator<Model> walk = model.iterator();
                while (hit == null && walk.hasNext()) {
                    final Model candidate = walk.next();
                    if (((candidate.bits() ^ bits) & ~candidate.ignore()) == 0) {
                        hit = candidate;
                    }
                }
                if (hit == null) {
                    putRefused(md, 8, bits, i, NiFail.DROPPED);
                } else {
                    goesTo(hit.user(), bits);
                    if (hit.once()) {
                        expect(targetQueue, EventKind.AUTO_UNLINK, hit.user());
                        model.remove(hit);
                    }
                }
            }
        }
    }

    private MatchEntry puts() {
        return entry(arena.allocate(8), EntryOption.OP_PUT);
    }

    private MatchEntry sized(final int length, final EntryOption... options) {
        final EntryOption[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = EntryOption.OP_PUT;
        return entry(arena.allocate(length), all);
    }

    private void goesTo(final long user, final long bits) {
        putAcked(md, 8, bits, 0, 1000);
        final Event event = expect(targetQueue, EventKind.PUT, user);
        assertEquals(bits, event.matchBits(), this::history);
    }

    private void putTo(final long user, final long length, final long offset, final long moved) {
        assertEquals(moved, putAcked(md, length, 0, offset, 1000).mlength(), this::history);
        final Event event = expect(targetQueue, EventKind.PUT, user);
        assertEquals(moved, event.mlength(), this::history);
        assertEquals(length, event.rlength(), this::history);
        assertEquals(offset, event.remoteOffset(), this::history);
    }
}
