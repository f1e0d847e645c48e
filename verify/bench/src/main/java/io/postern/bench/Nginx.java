package io.postern.bench;

import io.postern.fixtures.Binary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts an nginx of the bench in the foreground.
final class Nginx {
    /// The two set-ups of a chain, of which the stronger counts for each case.
    private static final Map<String, ?> LEAN =
            Map.of("workers", 1, "buffers", "16 16k", "buffer", "16k", "busy", "32k");
    private static final Map<String, ?> WIDE =
            Map.of("workers", 2, "buffers", "16 64k", "buffer", "64k", "busy", "128k");

    private Nginx() {}

    /// For nginx before nginx, keep-alive everywhere.
    static Chain.Program inChain(PeerKind kind) {
        return (bench, end, values) -> {
            var all = new HashMap<String, Object>(kind == PeerKind.NGINX_2 ? WIDE : LEAN);
            all.putAll(values);
            return start(bench, kind.label() + "-" + end, "nginx-" + end + ".conf", all);
        };
    }

    /// @param values places of the template beside those that every nginx has
    static Daemon start(Workbench bench, String name, String template, Map<String, ?> values) {
        var all = new HashMap<String, Object>(values);
        all.put("name", name);
        all.put("folder", bench.folder().path());
        all.put("user", "root".equals(System.getProperty("user.name")) ? "user root;" : "");
        all.put("common", Template.fill("nginx-common.conf", all));
        var config = bench.folder().write(name + ".conf", Template.fill(template, all));
        return bench.start(
                name, List.of(Binary.find("nginx", "nginx").toString(), "-e", "stderr", "-c", config.toString()));
    }
}
