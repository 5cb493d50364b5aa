package org.portals4j.loopback;

import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Capabilities;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * A deterministic network for one thread. Time is a number that only {@link #advance} moves; delays
 * and faults are drawn from the seed.
 *
 * <ol>
 *   <li>Frames of one endpoint to another arrive in order and are never lost, as long as both live
 *       and no partition is healed with a cut, which a new channel makes known.
 *   <li>A killed endpoint falls silent. A random first part of what it had sent still arrives.
 *       Nobody is told, at least not for long; what is sent to it vanishes or piles up until the
 *       claims are BUSY.
 *   <li>After a restart, frames to the old endpoint may arrive at the new one.
 *   <li>The same seed, profile and sequence of calls give the same run, told by {@link
 *       #traceHash()}.
 * </ol>
 */
public final class SimulatedFabric extends LoopbackFabric {
    private static final double SPURIOUS = 0.1;

    private final Names<SimulatedEndpoint> names = new Names<>();
    private final List<SimulatedEndpoint> endpoints = new ArrayList<>();
    private final List<SimulatedLink> links = new ArrayList<>();
    private final List<SimulatedLink> due = new ArrayList<>();
    private final Set<Pair> partitions = new HashSet<>();
    private final CRC32C crc = new CRC32C();
    private final SimulationProfile profile;
    private final SplittableRandom faults;
    private final RandomGenerator random;

    private long now;
    private long channels;
    private long traceHash;
    private long committed;
    private long delivered;
    private long lost;

    /** Two endpoints, in either order. */
    private record Pair(ProcessId a, ProcessId b) {
        static Pair of(final ProcessId a, final ProcessId b) {
            return Names.key(a.nid(), a.pid()) <= Names.key(b.nid(), b.pid())
                    ? new Pair(a, b)
                    : new Pair(b, a);
        }
    }

    SimulatedFabric(final long seed, final SimulationProfile profile) {
        this.profile = profile;
        faults = new SplittableRandom(seed);
        random = faults.split();
    }

    /**
     * The simulated time, for {@code Portals.Context.clock}.
     *
     * @return nanoseconds, 0 at first
     */
    public LongSupplier clock() {
        return this::now;
    }

    /**
     * A generator seeded by this fabric's seed, for what the network itself does not draw.
     *
     * @return always the same generator
     */
    public RandomGenerator random() {
        return random;
    }

    /**
     * How this network behaves.
     *
     * @return the profile
     */
    public SimulationProfile profile() {
        return profile;
    }

    /**
     * Moves the time.
     *
     * @param nanos nanoseconds, not negative
     */
    public void advance(final long nanos) {
        if (nanos < 0) {
            throw new PortalsException(ReturnCode.ARG_INVALID, "nanos=" + nanos);
        }
        now += nanos;
    }

    /**
     * When something next happens by itself: a frame arrives, a way is ready, a loss is noticed.
     *
     * @return a time, not before the present one, or {@link Long#MAX_VALUE} for never
     */
    public long nextEventTime() {
        long next = SimulatedLink.NEVER;
        for (final SimulatedLink link : links) {
            if (!isHeld(link)) {
                next = Math.min(next, link.nextAt());
            }
        }
        for (final SimulatedEndpoint endpoint : endpoints) {
            next = Math.min(next, endpoint.nextChangeAt());
        }
        return Math.max(next, now);
    }

    /**
     * Ends an endpoint at once and without a word. Its name is free again.
     *
     * @param process its name
     * @throws PortalsException ARG_INVALID if it is not open
     */
    public void kill(final ProcessId process) {
        final SimulatedEndpoint victim = names.find(process.nid(), process.pid());
        if (victim == null) {
            throw new PortalsException(ReturnCode.ARG_INVALID, process + " is not open");
        }
        remove(victim);
        for (final SimulatedLink link : links) {
            if (link.sender() == victim) {
                lost += link.cutBehind(draw(link.size() + 1));
            }
            if (link.receiver() == victim) {
                link.swallows |= draw(2) == 0;
                if (happens(profile.downProbability())) {
                    link.downAt = now + drawLong(profile.maxDownDelayNs());
                }
            }
        }
        dropDeadLinks();
    }

    /**
     * Holds all frames between two endpoints until {@link #heal}; they cannot connect either.
     *
     * @param a one name
     * @param b another name
     */
    public void partition(final ProcessId a, final ProcessId b) {
        partitions.add(Pair.of(a, b));
    }

    /**
     * Ends a partition. What was held arrives late but in order, or a part of it is lost and later
     * frames come by another channel.
     *
     * @param a one name
     * @param b another name
     */
    public void heal(final ProcessId a, final ProcessId b) {
        if (!partitions.remove(Pair.of(a, b))) {
            return;
        }
        for (final SimulatedLink link : links) {
            final ProcessId from = link.sender().id();
            final ProcessId to = link.receiver().id();
            if (Pair.of(from, to).equals(Pair.of(a, b))) {
                if (happens(profile.cutProbability())) {
                    lost += link.cutBehind(draw(link.size() + 1));
                    link.useChannel(nextChannel());
                }
                link.postpone(now + delay());
            }
        }
    }

    /**
     * A hash over every delivered frame: time, names, length, content.
     *
     * @return equal for equal runs
     */
    public long traceHash() {
        return traceHash;
    }

    /**
     * Frames committed so far.
     *
     * @return a count
     */
    public long committed() {
        return committed;
    }

    /**
     * Frames delivered so far.
     *
     * @return a count
     */
    public long delivered() {
        return delivered;
    }

    /**
     * Frames that have vanished so far.
     *
     * @return a count
     */
    public long lost() {
        return lost;
    }

    /**
     * Frames that are on their way, also those to endpoints that are no more.
     *
     * @return a count
     */
    public long inFlight() {
        long frames = 0;
        for (final SimulatedLink link : links) {
            frames += link.size();
        }
        return frames;
    }

    @Override
    Endpoint open(final EndpointConfig config, final Settings settings) {
        final SimulatedEndpoint endpoint =
                names.open(
                        config.nid(),
                        config.pid(),
                        (nid, pid) ->
                                new SimulatedEndpoint(this, nid, pid, drawCapabilities(settings)));
        endpoints.add(endpoint);
        succeed(endpoint);
        return endpoint;
    }

    // --- called by endpoints

    long now() {
        return now;
    }

    void close(final SimulatedEndpoint endpoint) {
        remove(endpoint);
        for (final SimulatedLink link : links) {
            if (link.receiver() == endpoint) {
                lost += link.cutBehind(0);
                link.swallows = true;
                link.downAt = now + drawLong(profile.maxDownDelayNs());
            }
        }
        dropDeadLinks();
    }

    @Nullable SimulatedEndpoint findReachable(
            final SimulatedEndpoint from, final SimulatedPeer to) {
        final ProcessId name = new ProcessId(to.nid(), to.pid());
        return partitions.contains(Pair.of(from.id(), name))
                ? null
                : names.find(to.nid(), to.pid());
    }

    SimulatedLink link(final SimulatedEndpoint from, final SimulatedEndpoint to) {
        dropDeadLinks();
        final SimulatedLink link = new SimulatedLink(from, to, nextChannel());
        links.add(link);
        return link;
    }

    void send(final SimulatedLink link, final byte[] frame) {
        committed++;
        if (link.swallows) {
            lost++;
        } else {
            link.send(frame, now + delay());
        }
    }

    /** A link with a frame that has arrived at an endpoint, or null. */
    @Nullable SimulatedLink pickDue(final SimulatedEndpoint at) {
        due.clear();
        for (final SimulatedLink link : links) {
            if (link.receiver() == at && link.nextAt() <= now && !isHeld(link)) {
                due.add(link);
            }
        }
        return due.isEmpty() ? null : due.get(draw(due.size()));
    }

    SimulatedLink.Frame take(final SimulatedLink link) {
        final SimulatedLink.Frame frame = link.take();
        if (frame == null) {
            throw new IllegalStateException("nothing is on the way");
        }
        delivered++;
        crc.reset();
        crc.update(frame.bytes());
        fold(now);
        fold(Names.key(link.sender().nid(), link.sender().pid()));
        fold(Names.key(link.receiver().nid(), link.receiver().pid()));
        fold(((long) frame.bytes().length << 32) ^ crc.getValue());
        return frame;
    }

    int draw(final int bound) {
        return faults.nextInt(bound);
    }

    long connectDelay() {
        return drawLong(profile.maxConnectDelayNs());
    }

    boolean refuses() {
        return happens(profile.refuseProbability());
    }

    boolean idles() {
        return happens(profile.idleProbability());
    }

    boolean tellsWritable(final boolean needed) {
        return happens(profile.writableProbability() * (needed ? 1 : SPURIOUS));
    }

    private void remove(final SimulatedEndpoint endpoint) {
        endpoint.end();
        endpoints.remove(endpoint);
        names.close(endpoint);
    }

    /** Frames and peer objects of a killed endpoint may come to the new one of its name. */
    private void succeed(final SimulatedEndpoint endpoint) {
        for (final SimulatedLink link : links) {
            final SimulatedEndpoint old = link.receiver();
            if (!old.isOpen() && old.id().equals(endpoint.id())) {
                if (happens(profile.staleProbability())) {
                    link.redirect(endpoint, now + delay());
                } else {
                    lost += link.cutBehind(0);
                    link.swallows = true;
                }
                if (happens(profile.relinkProbability())) {
                    link.relinkAt = now + delay();
                    link.downAt = SimulatedLink.NEVER;
                }
            }
        }
    }

    /** Forgets the links that nobody sends into and nothing comes out of any more. */
    private void dropDeadLinks() {
        links.removeIf(link -> link.isFinished() && link.nextAt() == SimulatedLink.NEVER);
    }

    private boolean isHeld(final SimulatedLink link) {
        return !partitions.isEmpty()
                && partitions.contains(Pair.of(link.sender().id(), link.receiver().id()));
    }

    private Capabilities drawCapabilities(final Settings settings) {
        final int frame = profile.minFrame() + draw(profile.maxFrame() - profile.minFrame() + 1);
        return Capabilities.framesOnly(
                Math.min(frame, settings.frameLength()), settings.window(), true);
    }

    private long nextChannel() {
        return ++channels;
    }

    private long delay() {
        return profile.minDelayNs() + drawLong(profile.maxDelayNs() - profile.minDelayNs());
    }

    private long drawLong(final long most) {
        return faults.nextLong(most + 1);
    }

    private boolean happens(final double odds) {
        return faults.nextDouble() < odds;
    }

    private void fold(final long value) {
        long hash = (traceHash ^ value) * 0x9e3779b97f4a7c15L;
        hash ^= hash >>> 32;
        traceHash = hash;
    }
}
