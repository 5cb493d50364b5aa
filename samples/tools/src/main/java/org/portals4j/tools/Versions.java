package org.portals4j.tools;

import org.portals4j.Portals;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} and {@code info} say of versions. */
final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"Portals4J " + portals(), java()};
    }

    static String portals() {
        final String version = Portals.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }

    static String java() {
        return "Java "
                + Runtime.version()
                + ", "
                + System.getProperty("java.vm.name")
                + ", "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.version")
                + " "
                + System.getProperty("os.arch")
                + ", "
                + Runtime.getRuntime().availableProcessors()
                + " cores";
    }
}
