package org.portals4j.engine;

import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;

/**
 * Checks, before any Agrona class is initialised, that the JVM was started with the flag that
 * Agrona needs: without it the first touch fails with an IllegalAccessError and every later one
 * with a NoClassDefFoundError that hides the cause.
 */
final class AgronaAccess {
    private static final String INTERNAL = "jdk.internal.misc";

    private AgronaAccess() {}

    static void check() {
        final Module agrona;
        try {
            agrona =
                    Class.forName(
                                    "org.agrona.UnsafeApi",
                                    false,
                                    AgronaAccess.class.getClassLoader())
                            .getModule();
        } catch (final ClassNotFoundException e) {
            throw new PortalsException(
                    ReturnCode.FAIL, "Agrona 2.4 or later is not on the class path", e);
        }
        if (!Object.class.getModule().isExported(INTERNAL, agrona)) {
            final String to = agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED";
            throw new PortalsException(
                    ReturnCode.FAIL,
                    "start the JVM with --add-exports java.base/" + INTERNAL + "=" + to);
        }
    }
}
