package io.postern.bench;

import io.postern.fixtures.Binary;
import java.util.List;
import java.util.Map;

/// Starts a Caddy of the bench: HTTP/2 to the next one as it does by itself, no log.
final class Caddy {
    private Caddy() {}

    /// @param end `front` or `back`
    static Daemon start(Workbench bench, String end, Map<String, ?> values) {
        String name = "caddy-" + end;
        var config = bench.folder().write(name + ".caddyfile", Template.fill(name + ".caddyfile", values));
        String own = bench.folder().path().toString();
        return bench.start(
                name,
                List.of(
                        Binary.find("caddy", "caddy").toString(),
                        "run",
                        "--config",
                        config.toString(),
                        "--adapter",
                        "caddyfile"),
                Map.of("HOME", own, "XDG_DATA_HOME", own, "XDG_CONFIG_HOME", own),
                "");
    }
}
