package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.store.User;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// SYN-8 and SYN-9: which connector reads, what goes wrong there, previews and the log.
class SyncDoorTest extends SyncSite {
    @Test
    void oneConnectorReadsAndAnotherTakesOver() {
        directory.user(1, "alice", STAFF);
        var second = new ScriptedDirectory(service, "second");
        String job = directory.ask().text("/job/id");
        assertTrue(second.ask().json().path("standby").asBoolean());

        clock.advance(Duration.ofSeconds(59));
        assertEquals(
                200,
                directory
                        .call("ask", "{\"directories\":[\"corp\"],\"working\":\"" + job + "\"}")
                        .status());
        clock.advance(Duration.ofSeconds(59));
        assertTrue(second.ask().json().path("standby").asBoolean());
        clock.advance(Duration.ofSeconds(2));
        Response taken = second.ask();
        assertEquals("full", taken.text("/job/kind"));

        Response late = directory.page(job, 0, List.of());
        assertEquals(409, late.status());
        assertEquals("job-lost", late.text("/error/code"));
        assertEquals(409, directory.end(job).status());
        assertEquals(409, second.page(job, 0, List.of()).status());
        assertEquals("lost", cycles().get(1).path("state").asString());
        assertEquals("second", status().path("activeConnector").asString());
    }

    @Test
    void strangersAndOthersGetNothing() {
        String job = directory.ask().text("/job/id");
        var bare = new HashMap<String, String>();
        bare.put(DoorFields.DOOR, DoorFields.ENROLL);
        assertEquals(
                401,
                service.connect("POST", "/directory/ask", bare, "{\"directories\":[\"corp\"]}")
                        .status());
        bare.put(DoorFields.CLIENT_CERTIFICATE, "0".repeat(64));
        assertEquals(
                401,
                service.connect(
                                "POST",
                                "/directory/page",
                                bare,
                                "{\"job\":\"" + job + "\",\"sequence\":0,\"entries\":[]}")
                        .status());
        for (String wrong : List.of(
                "{}",
                "{\"job\":\"" + job + "\",\"sequence\":0}",
                "{\"job\":\"" + job + "\",\"sequence\":-1,\"entries\":[]}",
                "{\"job\":\"" + job + "\",\"sequence\":0,\"entries\":[{}]}",
                "{\"job\":\"" + job + "\",\"sequence\":0,\"entries\":[{\"id\":\"1\",\"kind\":\"user\",\"dn\":\"x\"}]}",
                "{\"job\":\"" + job
                        + "\",\"sequence\":0,\"entries\":[{\"id\":\"1\",\"kind\":\"dog\",\"dn\":\"CN=x\"}]}")) {
            assertEquals(400, directory.call("page", wrong).status(), wrong);
        }
        assertEquals(409, directory.page("other", 0, List.of()).status());
        assertEquals(409, directory.page(job, 1, List.of()).status());
        assertEquals(
                400,
                directory
                        .call("end", "{\"job\":\"" + job + "\",\"outcome\":\"so-so\"}")
                        .status());
    }

    @Test
    void aFaultOfTheDirectoryIsShownAndTriedAgain() {
        directory.user(1, "alice", STAFF);
        directory.cycle();
        later();
        String job = directory.ask().text("/job/id");
        String failed = "{\"job\":\"" + job + "\",\"outcome\":\"failed\",\"error\":{\"code\":\"bind-refused\","
                + "\"message\":\"49 data 52e\",\"remedy\":\"check the password\"}}";
        assertEquals(200, directory.call("end", failed).status());
        assertEquals(200, directory.call("end", failed).status());
        JsonNode last = lastCycle();
        assertEquals("failed", last.path("state").asString());
        assertEquals("check the password", last.at("/error/remedy").asString());
        assertTrue(directory.ask().json().path("job").isMissingNode());
        clock.advance(Duration.ofMinutes(5));
        String next = directory.ask().text("/job/id");
        directory.call("end", failed.replace(job, next).replace("bind-refused", "cursor-expired"));
        assertEquals("full", directory.cycle()); // at once
        assertTrue(lastCycle().path("warning").isNull());

        later();
        String warned = directory.ask().text("/job/id");
        directory.call(
                "end",
                "{\"job\":\"" + warned
                        + "\",\"outcome\":\"done\",\"cursor\":null,\"warnings\":[{\"code\":\"no-dirsync\","
                        + "\"message\":\"the right is missing\",\"remedy\":\"dsacls\"}]}");
        service.administration.services().synchronisation().work();
        assertEquals("done", lastCycle().path("state").asString());
        assertEquals("dsacls", lastCycle().at("/warning/remedy").asString());
        later();
        assertEquals("full", directory.ask().text("/job/kind"), "there is no cursor");
    }

    @Test
    void aPreviewSaysWhatWouldHappenAndDoesNothing() {
        service.someone("anna", "Anna here");
        directory.user(1, "anna", STAFF);
        directory.user(2, "bob", STAFF);
        ObjectNode gone = directory.user(3, "carl", STAFF);
        directory.user(4, "dora", STAFF);
        User before = service.someone("x", "X");
        directory.cycle();
        directory.remove(gone);
        directory.user(5, "emil", STAFF);
        directory.group(10, "Team");
        directory.change(directory.user(2, "bob", STAFF), "department", "Sales");

        start("{\"kind\":\"preview\"}");
        assertEquals("preview", directory.cycle());

        JsonNode lines =
                service.get("/sync/sources/" + source + "/preview").json().path("value");
        List<String> said = StreamSupport.stream(lines.spliterator(), false)
                .map(l -> l.path("outcome").asString() + " " + l.path("name").asString())
                .toList();
        assertEquals(
                List.of(
                        "create Team",
                        "create emil@contoso.example",
                        "delete CN=carl," + STAFF,
                        "update bob@contoso.example"),
                said);
        assertTrue(lines.get(3).path("detail").asString().contains("department '' to 'Sales'"), lines.toString());
        assertEquals(200, service.get("/users/carl@contoso.example").status());
        assertEquals(404, service.get("/users/emil@contoso.example").status());
        assertTrue(user("bob").path("department").isNull());
        assertEquals(before.displayName(), user("x").path("displayName").asString());
    }

    @Test
    void theLogTellsWhoChangedWhat() {
        directory.user(1, "alice", STAFF);
        directory.cycle();

        List<String> log = service.store.read(s -> s.audit().list(service.tenant.id(), 20)).stream()
                .map(entry -> entry.activity() + " by " + entry.initiator().name())
                .toList();
        assertTrue(log.contains("Add user by dc-reader"), log.toString());
        assertTrue(log.contains("Synchronise directory by Postern"), log.toString());
    }
}
