package io.postern.admin.logging;

import io.postern.store.LogEntry;
import io.postern.store.LogKind;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.node.ObjectNode;

/// An entry as RFC 5424 §6 wants it, with the entry as JSON for its text:
///
///     <110>1 2026-11-22T08:00:00.123456Z srv-a postern 4711 signIn - {"id":"..."}
final class SyslogLine {
    private static final int LOG_AUDIT = 13;
    private static final int WARNING = 4;
    private static final int INFORMATIONAL = 6;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final String origin;

    /// @param host what people call this node
    SyslogLine(String host, long pid) {
        String name = host.replaceAll("[^!-~]", "");
        origin = (name.isEmpty() ? "-" : name.substring(0, Math.min(255, name.length()))) + " postern " + pid;
    }

    byte[] bytes(LogEntry entry) {
        ObjectNode json = Shown.of(entry);
        boolean failed = entry.log() == LogKind.SIGN_IN
                ? json.path("status").path("errorCode").asInt() != 0
                : !json.path("result").asString("").equals("success");
        String text = "<" + (LOG_AUDIT * 8 + (failed ? WARNING : INFORMATIONAL)) + ">1 " + TIME.format(entry.time())
                + ' ' + origin + ' ' + (entry.log() == LogKind.SIGN_IN ? "signIn" : "directoryAudit") + " - " + json;
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
