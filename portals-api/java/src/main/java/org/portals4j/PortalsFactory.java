package org.portals4j;

/**
 * Opens instances; implemented by the engine and found by {@link java.util.ServiceLoader} when
 * {@link Portals#open(Portals.Context)} (PtlInit) is called.
 */
public interface PortalsFactory {
    /**
     * Opens an instance.
     *
     * @param context a concluded context
     * @return the instance
     * @throws PortalsException as {@link Portals#open(Portals.Context)}
     */
    Portals open(Portals.Context context);
}
