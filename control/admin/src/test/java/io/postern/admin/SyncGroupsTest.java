package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Groups within groups, primary groups, and lists of members that come in pieces.
class SyncGroupsTest extends SyncSite {
    private static final String DOMAIN = "S-1-5-21-1-2-3-";

    private ObjectNode withIdentifier(ObjectNode object, int rid) {
        ScriptedDirectory.attribute(object, "objectSid", DOMAIN + rid);
        return object;
    }

    private String nested(String group) {
        return String.join(
                ",",
                StreamSupport.stream(
                                service.get("/groups/" + group(group) + "/members")
                                        .json()
                                        .path("value")
                                        .spliterator(),
                                false)
                        .filter(member -> !member.has("userPrincipalName"))
                        .map(member -> member.path("displayName").asString())
                        .sorted()
                        .toList());
    }

    private List<String> within(String group) {
        return StreamSupport.stream(
                        service.get("/groups/" + group(group) + "/transitiveMembers")
                                .json()
                                .path("value")
                                .spliterator(),
                        false)
                .filter(member -> member.has("userPrincipalName"))
                .map(member -> member.path("userPrincipalName").asString())
                .sorted()
                .toList();
    }

    @Test
    void aGroupIsAMemberOfAGroupWhicheverComesFirst() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        ObjectNode outer = directory.group(10, "Outer", "CN=Inner,OU=Groups," + ScriptedDirectory.ROOT);
        directory.cycle();
        assertEquals("", nested("Outer"));

        ObjectNode inner = directory.group(11, "Inner", ScriptedDirectory.dn(alice));
        later();
        assertEquals("delta", directory.cycle());
        assertEquals("Inner", nested("Outer"));
        assertEquals(List.of("alice@contoso.example"), within("Outer"));
        assertEquals(List.of(), members("Outer"));

        directory.changeMembers(outer, List.of(), List.of(ScriptedDirectory.dn(inner)));
        later();
        directory.cycle();
        assertEquals("", nested("Outer"));
    }

    @Test
    void aGroupThatWasDeletedAndComesBackIsWhereItWas() {
        ObjectNode inner = directory.group(11, "Inner");
        directory.group(10, "Outer", ScriptedDirectory.dn(inner));
        directory.cycle();
        assertEquals("Inner", nested("Outer"));

        directory.remove(inner);
        later();
        directory.cycle();
        assertEquals("", nested("Outer"));
        assertEquals("done", lastCycle().path("state").asString());

        directory.group(11, "Inner");
        later();
        directory.cycle();
        assertEquals("Inner", nested("Outer"));
    }

    @Test
    void aCircleIsToldAndLeftOutUntilItIsNoneAnyMore() {
        String end = ",OU=Groups," + ScriptedDirectory.ROOT;
        directory.group(10, "One", "CN=Two" + end);
        ObjectNode two = directory.group(11, "Two", "CN=Three" + end);
        directory.group(12, "Three", "CN=One" + end);
        directory.group(13, "Self", "CN=Self" + end);
        directory.cycle();

        assertEquals("done", lastCycle().path("state").asString());
        assertEquals(2, lastCycle().path("counts").path("faults").asInt());
        List<JsonNode> errors = errors();
        assertEquals(
                List.of("circle", "circle"),
                errors.stream().map(e -> e.path("code").asString()).toList());
        assertEquals(
                "'Three' would be within itself by its member 'One', which was left out",
                errors.getFirst().path("message").asString());
        assertEquals("Two", nested("One"));
        assertEquals("", nested("Three"));

        start("{\"kind\":\"full\"}");
        directory.cycle();
        assertEquals(2, errors().size()); // nothing has changed, and it is still so

        directory.changeMembers(two, List.of(), List.of("CN=Three" + end));
        later();
        directory.cycle();
        assertEquals("One", nested("Three"));
        assertEquals(1, errors().size());
    }

    @Test
    void thePrimaryGroupHasTheUserThoughItDoesNotNameHim() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.change(alice, "primaryGroupID", "513"); // Domain Users, which is not here
        withIdentifier(directory.group(10, "Sales"), 1110);
        withIdentifier(directory.group(11, "Support"), 1111);
        directory.cycle();
        assertEquals(List.of(), members("Sales"));

        directory.change(alice, "primaryGroupID", "1110");
        later();
        assertEquals("delta", directory.cycle());
        assertEquals(List.of("alice@contoso.example"), members("Sales"));

        directory.change(alice, "primaryGroupID", "1111");
        later();
        directory.cycle();
        assertEquals(List.of(), members("Sales"));
        assertEquals(List.of("alice@contoso.example"), members("Support"));

        ObjectNode bob = directory.user(2, "bob", STAFF);
        directory.change(bob, "primaryGroupID", "1111");
        later();
        directory.cycle();
        assertEquals(List.of("alice@contoso.example", "bob@contoso.example"), members("Support"));
    }

    private ObjectNode piece(String piece, String... members) {
        ObjectNode entry = directory.group(10, "Large");
        ScriptedDirectory.members(entry, piece.equals("first"), List.of(members), List.of());
        ((ObjectNode) entry.path("members")).put("piece", piece);
        return entry;
    }

    /// @param cut after so many pages the connector is lost
    private void inPieces(List<ObjectNode> pages, int cut) {
        String job = directory.ask().json().path("job").path("id").asString();
        for (int i = 0; i < Math.min(cut, pages.size()); i++) {
            assertEquals(200, directory.page(job, i, List.of(pages.get(i))).status());
        }
        if (cut >= pages.size()) {
            directory.end(job);
            service.administration.services().synchronisation().work();
        }
    }

    @Test
    void aListInPiecesCountsWhenItsEndHasCome() {
        List<String> names = IntStream.range(1, 7).mapToObj(i -> "user" + i).toList();
        for (int i = 0; i < names.size(); i++) {
            directory.user(i + 1, names.get(i), STAFF);
        }
        directory.cycle();
        String[] dns = names.stream().map(n -> "CN=" + n + "," + STAFF).toArray(String[]::new);
        start("{}");
        inPieces(List.of(piece("first", dns[0], dns[1]), piece("next", dns[2], dns[3]), piece("last", dns[4])), 9);
        assertEquals(5, members("Large").size());
        assertEquals(5, lastCycle().path("counts").path("membersAdded").asInt());
        assertEquals(1, lastCycle().path("counts").path("groupsCreated").asInt());
        assertTrue(lastCycle().path("counts").path("groupsUnchanged").isMissingNode());

        start("{}"); // cut in the middle: nobody has gone, and what came before the cut counts for nothing
        inPieces(List.of(piece("first", dns[0], dns[5]), piece("next", dns[2])), 1);
        start("{}");
        inPieces(List.of(piece("first", dns[0], dns[1]), piece("next", dns[2]), piece("last", dns[4])), 9);
        assertEquals(
                List.of(
                        "user1@contoso.example",
                        "user2@contoso.example",
                        "user3@contoso.example",
                        "user5@contoso.example"),
                members("Large"));
        assertEquals(1, lastCycle().path("counts").path("membersRemoved").asInt());
        assertTrue(lastCycle().path("counts").path("membersAdded").isMissingNode());
    }
}
