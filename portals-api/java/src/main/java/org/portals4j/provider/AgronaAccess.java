package org.portals4j.provider;

import org.jspecify.annotations.Nullable;

/**
 * Whether the JVM lets Agrona reach the memory access that it is built on. Asked before any class
 * of Agrona is initialised: without the flag the first touch fails with an IllegalAccessError, and
 * every later one with a NoClassDefFoundError that hides the cause.
 */
public final class AgronaAccess {
    private static final String INTERNAL = "jdk.internal.misc";

    private AgronaAccess() {}

    /**
     * Tells what the command line lacks. Initialises no class of Agrona.
     *
     * @return null if nothing, otherwise one sentence that names the flag
     */
    public static @Nullable String missing() {
        final Module agrona;
        try {
            final ClassLoader loader = AgronaAccess.class.getClassLoader();
            agrona = Class.forName("org.agrona.UnsafeApi", false, loader).getModule();
        } catch (final ClassNotFoundException e) {
            return "Agrona 2.x (org.agrona.UnsafeApi) is not on the class path";
        }
        if (Object.class.getModule().isExported(INTERNAL, agrona)) {
            return null;
        }
        final String export = "java.base/" + INTERNAL;
        return "start the JVM with --add-exports "
                + export
                + "="
                + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED")
                + " (or put Add-Exports: "
                + export
                + " into the manifest of an executable jar)";
    }
}
