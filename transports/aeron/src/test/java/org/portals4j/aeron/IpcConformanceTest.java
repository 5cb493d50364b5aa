package org.portals4j.aeron;

import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.portals4j.Portals;
import org.portals4j.conformance.TransportConformance;

import java.nio.file.Path;
import java.util.Map;

/** The conformance kit over Aeron IPC, all instances on one media driver. */
final class IpcConformanceTest extends TransportConformance {
    private @Nullable PortalsMediaDriver driver;
    private @Nullable Path directory;

    @Override
    protected void beforeAll() {
        directory = Path.of(io.aeron.CommonContext.generateRandomDirName());
        driver = PortalsMediaDriver.launch(directory, Map.of());
    }

    @Override
    protected void afterAll() {
        CloseHelper.close(driver);
    }

    @Override
    protected Portals.Context context() {
        return new Portals.Context()
                .nid(NodeId.LOOPBACK)
                .transport("ipc")
                .property("aeron.dir", directory.toString());
    }
}
