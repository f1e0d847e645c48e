package io.postern.bench;

import io.postern.fixtures.Binary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts an nginx of the bench in the foreground.
final class Nginx {
    private Nginx() {}

    /// @param values places of the template beside those that every nginx has
    static Daemon start(Workbench bench, String name, String template, Map<String, ?> values, int port) {
        var all = new HashMap<String, Object>(values);
        all.put("name", name);
        all.put("folder", bench.folder().path());
        all.put("user", "root".equals(System.getProperty("user.name")) ? "user root;" : "");
        all.put("common", Template.fill("nginx-common.conf", all));
        var config = bench.folder().write(name + ".conf", Template.fill(template, all));
        return bench.start(
                        name,
                        List.of(Binary.find("nginx", "nginx").toString(), "-e", "stderr", "-c", config.toString()))
                .awaitPort(port, Workbench.START_LIMIT);
    }
}
