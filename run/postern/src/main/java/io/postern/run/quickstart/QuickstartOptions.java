package io.postern.run.quickstart;

import io.postern.base.HostPort;
import io.postern.run.service.OutsideConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the person asked for.
///
/// @param listen port 0: any free one
/// @param demo whether the demo application runs and is published
/// @param connector whether a connector runs beside the service
/// @param connectorConfig handed to that connector
/// @param outside as the configuration of a service has it
/// @param json whether readiness is told as one JSON line
record QuickstartOptions(
        Path data,
        HostPort listen,
        List<WantedApp> apps,
        boolean demo,
        boolean connector,
        Optional<Path> connectorConfig,
        OutsideConfig outside,
        boolean json) {
    QuickstartOptions {
        apps = List.copyOf(apps);
        if (!List.of("127.0.0.1", "localhost", "0.0.0.0", "::").contains(listen.host())) {
            throw new IllegalArgumentException(
                    "--listen '" + listen + "' would not answer at 127.0.0.1, where names under"
                            + " localhost lead; use 127.0.0.1:PORT or 0.0.0.0:PORT");
        }
    }
}
