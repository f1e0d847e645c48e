package io.postern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Under which a run took place: without them figures say nothing. What cannot be found out is a dash.
final class Circumstances {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Circumstances() {}

    /// @param how the run's own settings, in words
    static Map<String, String> of(Workbench bench, Path checkout, String how) {
        var facts = new LinkedHashMap<String, String>();
        facts.put(
                "date",
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").format(ZonedDateTime.now(ZoneOffset.UTC)));
        String dirt = output(bench, "git", "-C", checkout.toString(), "status", "--porcelain", "--untracked-files=no");
        facts.put(
                "commit",
                output(bench, "git", "-C", checkout.toString(), "rev-parse", "--short=12", "HEAD")
                        + (dirt.isEmpty() ? "" : ", with changes that are not committed"));
        facts.put("run", how);
        facts.put(
                "processor", Runtime.getRuntime().availableProcessors() + " × " + line("/proc/cpuinfo", "model name"));
        facts.put("memory", line("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.version"));
        facts.put("JDK", Runtime.version().toString());
        facts.put("nginx", output(bench, "sh", "-c", "nginx -v 2>&1 | sed 's,.*/,,'"));
        facts.put("HAProxy", output(bench, "sh", "-c", "haproxy -v | sed -n 's/.*version \\([^ ]*\\).*/\\1/p'"));
        facts.put("Caddy", output(bench, "sh", "-c", "caddy version"));
        facts.put("OpenSSH", output(bench, "sh", "-c", "ssh -V 2>&1 | cut -d, -f1"));
        facts.put(
                "load by",
                output(bench, "sh", "-c", "wrk -v | sed -n 's/^wrk \\([^ ]*\\).*/wrk \\1/p'") + ", "
                        + output(bench, "h2load", "--version"));
        return facts;
    }

    private static String output(Workbench bench, String... command) {
        try {
            return bench.run(List.of(command), LIMIT).strip();
        } catch (IllegalStateException | java.io.UncheckedIOException e) {
            return "-";
        }
    }

    private static String line(String file, String key) {
        try {
            return Files.readString(Path.of(file))
                    .lines()
                    .filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("-");
        } catch (IOException e) {
            return "-";
        }
    }
}
