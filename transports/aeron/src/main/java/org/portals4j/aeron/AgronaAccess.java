package org.portals4j.aeron;

import org.jspecify.annotations.Nullable;

/**
 * Whether the JVM lets Agrona reach the memory access it is built on. Asked before any class of
 * Agrona is initialised: a class whose initialiser failed once hides the reason for ever after.
 */
final class AgronaAccess {
    private static final String PACKAGE = "jdk.internal.misc";

    private AgronaAccess() {}

    /**
     * Tells what the command line lacks.
     *
     * @return null if nothing, otherwise one sentence that names the flag
     */
    static @Nullable String missing() {
        final Class<?> gate;
        try {
            gate =
                    Class.forName(
                            "org.agrona.UnsafeApi", false, AgronaAccess.class.getClassLoader());
        } catch (final ClassNotFoundException e) {
            return "Agrona 2.x (org.agrona.UnsafeApi) is not on the class path or module path";
        }
        final Module agrona = gate.getModule();
        if (Object.class.getModule().isExported(PACKAGE, agrona)) {
            return null;
        }
        final String to = agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED";
        return "Aeron needs the JVM flag --add-exports java.base/"
                + PACKAGE
                + "="
                + to
                + " (start java with it, or put Add-Exports: java.base/"
                + PACKAGE
                + " into the manifest of an executable jar)";
    }
}
