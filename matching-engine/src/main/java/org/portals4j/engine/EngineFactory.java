package org.portals4j.engine;

import org.portals4j.Portals;
import org.portals4j.PortalsException;
import org.portals4j.PortalsFactory;
import org.portals4j.ReturnCode;
import org.portals4j.provider.AgronaAccess;
import org.portals4j.provider.Provider;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Opens instances over the providers on the class path. */
public final class EngineFactory implements PortalsFactory {
    /** For {@link ServiceLoader}. */
    public EngineFactory() {}

    @Override
    public Portals open(final Portals.Context context) {
        final String missing = AgronaAccess.missing();
        if (missing != null) {
            throw new PortalsException(ReturnCode.FAIL, missing);
        }
        return PortalsInstance.open(context, find(context.transport()));
    }

    private static Provider find(final String transport) {
        final List<String> known = new ArrayList<>();
        for (final Provider provider : providers()) {
            if (provider.transports().contains(transport)) {
                return provider;
            }
            known.addAll(provider.transports());
        }
        Collections.sort(known);
        throw new PortalsException(
                ReturnCode.ARG_INVALID,
                "transport=" + transport + " is unknown; on the class path are " + known);
    }

    private static List<Provider> providers() {
        final List<Provider> found = new ArrayList<>();
        try {
            ServiceLoader.load(Provider.class).forEach(found::add);
        } catch (final ServiceConfigurationError e) {
            throw new PortalsException(ReturnCode.FAIL, "a transport provider cannot be loaded", e);
        }
        return found;
    }
}
