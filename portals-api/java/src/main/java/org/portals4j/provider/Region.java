package org.portals4j.provider;

/** Memory registered with a transport by {@link Endpoint#register}; opaque to the engine. */
public interface Region {
    /**
     * The length of the memory.
     *
     * @return bytes
     */
    long length();
}
