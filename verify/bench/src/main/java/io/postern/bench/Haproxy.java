package io.postern.bench;

import io.postern.fixtures.Binary;
import java.util.List;
import java.util.Map;

/// Starts a HAProxy of the bench: connections reused, no log, as many threads as processors.
final class Haproxy {
    private Haproxy() {}

    /// @param end `front` or `back`
    static Daemon start(Workbench bench, String end, Map<String, ?> values) {
        String name = "haproxy-" + end;
        var config = bench.folder().write(name + ".cfg", Template.fill(name + ".cfg", values));
        return bench.start(name, List.of(Binary.find("haproxy", "haproxy").toString(), "-db", "-f", config.toString()));
    }
}
