package io.postern.run.connector.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.base.HostPort;
import io.postern.fixtures.RsyslogServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What rsyslog, the receiver of most Debian machines, understands of our records, by each way that `send-to` offers.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
class RsyslogTest {
    private static final SyslogMessage FORM = new SyslogMessage("edge 1", 4711);

    private RsyslogServer rsyslog;

    @BeforeAll
    void start() {
        rsyslog = RsyslogServer.start();
    }

    @AfterAll
    void stop() {
        rsyslog.close();
    }

    private void assertUnderstood(String by, LogSink sink) throws Exception {
        int before = rsyslog.understood().size();
        String umlauts = "größer als 1 KiB: " + "ä".repeat(1_024);
        try (sink) {
            sink.write(List.of(Records.admin("exchange failed"), Records.session("exchange")));
            sink.write(List.of(Records.session(umlauts)));
        }

        List<JsonNode> understood = rsyslog.awaitUnderstood(before + 3).stream()
                .skip(before)
                .map(line -> new ObjectMapper().readTree(line))
                .toList();
        JsonNode fault = understood.getFirst();
        assertEquals(by, fault.path("by").asString());
        assertEquals("1", fault.path("version").asString());
        assertEquals("daemon", fault.path("facility").asString());
        assertEquals("warning", fault.path("severity").asString());
        assertEquals("2026-11-21T11:19:56.045Z", fault.path("time").asString());
        assertEquals("edge1", fault.path("host").asString());
        assertEquals("postern-connector", fault.path("program").asString());
        assertEquals("4711", fault.path("process").asString());
        assertEquals("13006", fault.path("event").asString());
        assertEquals("-", fault.path("structured").asString());
        assertEquals(
                "connector.serve: exchange failed exchange=\"0123\" reason=\"no 'route'\"",
                fault.path("text").asString());
        assertEquals("info", understood.get(1).path("severity").asString());
        assertEquals("-", understood.get(1).path("event").asString());
        assertEquals(
                "connector.session: exchange",
                understood.get(1).path("text").asString().strip());
        assertEquals(
                "connector.session: " + umlauts,
                understood.get(2).path("text").asString().strip());
    }

    @Test
    void understandsDatagrams() throws Exception {
        assertUnderstood("imudp", new SyslogUdp(new HostPort("127.0.0.1", rsyslog.udpPort()), FORM));
    }

    @Test
    void understandsCountedOctetsOverTcp() throws Exception {
        assertUnderstood("imtcp", new SyslogTcp(new HostPort("127.0.0.1", rsyslog.tcpPort()), FORM));
    }

    @Test
    void understandsTheLocalSocket() throws Exception {
        assertUnderstood("imuxsock", new SyslogUnix(rsyslog.socket(), FORM));
    }

    /// A break of the line in what a backend says must not become a record of its own.
    @Test
    void takesALineBreakForNoNewRecord() throws Exception {
        int before = rsyslog.understood().size();
        try (var sink = new SyslogTcp(new HostPort("127.0.0.1", rsyslog.tcpPort()), FORM)) {
            sink.write(List.of(Records.session("one\n<0>1 - forged - - - - two"), Records.session("last")));
        }

        List<String> understood = rsyslog.awaitUnderstood(before + 2);
        assertEquals(before + 2, understood.size(), understood.toString());
    }
}
