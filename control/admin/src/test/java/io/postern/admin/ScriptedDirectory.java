package io.postern.admin;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import io.postern.web.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A directory and the connector that reads it, played through the connectors' door.
final class ScriptedDirectory {
    static final String ROOT = "DC=corp,DC=test";

    private final Installation service;
    final Connector connector;
    private final Map<String, ObjectNode> entries = new HashMap<>();
    private final List<ObjectNode> changed = new ArrayList<>();

    ScriptedDirectory(Installation service, String machine) {
        this.service = service;
        this.connector = connector(service, machine);
    }

    static Connector connector(Installation service, String machine) {
        ConnectorGroupId group = service.store.read(
                s -> s.connectorGroups().defaultGroup(service.tenant.id()).id());
        var connector = new Connector(
                service.tenant.id(),
                ConnectorId.random(),
                group,
                machine,
                Optional.empty(),
                "1.0.0",
                UUID.randomUUID().toString().replace("-", "").repeat(2),
                Instant.now().plusSeconds(86_400),
                Instant.now(),
                Optional.empty(),
                true,
                Optional.empty());
        service.store.write(s -> {
            s.connectors().insert(connector);
            return true;
        });
        return connector;
    }

    // ---- what the directory has

    static String id(int number) {
        return String.format(Locale.ROOT, "%08x-0000-4000-8000-000000000000", number);
    }

    ObjectNode user(int number, String name, String ou) {
        ObjectNode entry = entry(id(number), "user", "CN=" + name + "," + ou);
        attribute(entry, "userPrincipalName", name + "@corp.test");
        attribute(entry, "sAMAccountName", name);
        attribute(entry, "displayName", "Display " + name);
        attribute(entry, "sn", name);
        attribute(entry, "mail", name + "@mail.test");
        attribute(entry, "userAccountControl", "512");
        attribute(entry, "objectSid", "S-1-5-21-1-2-3-" + number);
        entry.putNull("members");
        return keep(entry);
    }

    ObjectNode group(int number, String name, String... members) {
        ObjectNode entry = entry(id(number), "group", "CN=" + name + ",OU=Groups," + ROOT);
        attribute(entry, "cn", name);
        members(entry, true, List.of(members), List.of());
        return keep(entry);
    }

    ObjectNode container(int number, String dn) {
        ObjectNode entry = entry(id(number), "other", dn);
        entry.putNull("members");
        return keep(entry);
    }

    /// Who is in the group now, as the next full read tells it.
    void replaceMembers(String id, String... members) {
        members(entries.get(id), true, List.of(members), List.of());
    }

    private static ObjectNode entry(String id, String kind, String dn) {
        ObjectNode entry =
                Json.MAPPER.createObjectNode().put("id", id).put("kind", kind).put("dn", dn);
        entry.put("deleted", false).putObject("attributes");
        return entry;
    }

    static void attribute(ObjectNode entry, String name, String... values) {
        ArrayNode list = ((ObjectNode) entry.path("attributes")).putArray(name);
        for (String value : values) {
            list.add(value);
        }
    }

    static void members(ObjectNode entry, boolean complete, List<String> add, List<String> remove) {
        ObjectNode members = entry.putObject("members").put("complete", complete);
        add.forEach(members.putArray("add")::add);
        remove.forEach(members.putArray("remove")::add);
    }

    private ObjectNode keep(ObjectNode entry) {
        entries.put(entry.path("id").asString(), entry);
        changed.add(entry);
        return entry;
    }

    static String dn(ObjectNode entry) {
        return entry.path("dn").asString();
    }

    /// An attribute that the next delta tells, and nothing else of the object.
    void change(ObjectNode entry, String name, String... values) {
        attribute(entry, name, values);
        ObjectNode delta = entry(entry.path("id").asString(), entry.path("kind").asString(), dn(entry));
        attribute(delta, name, values);
        delta.putNull("members");
        changed.add(delta);
    }

    void move(ObjectNode entry, String dn) {
        entry.put("dn", dn);
        ObjectNode delta = entry(entry.path("id").asString(), entry.path("kind").asString(), dn);
        delta.putNull("members");
        changed.add(delta);
    }

    /// Who came to a group and who went, as the next delta tells it. The group itself is not changed here.
    void changeMembers(ObjectNode group, List<String> add, List<String> remove) {
        ObjectNode delta = entry(group.path("id").asString(), "group", dn(group));
        members(delta, false, add, remove);
        changed.add(delta);
    }

    void remove(ObjectNode entry) {
        entries.remove(entry.path("id").asString());
        ObjectNode delta = Json.MAPPER.createObjectNode();
        delta.put("id", entry.path("id").asString())
                .put("kind", entry.path("kind").asString())
                .put("deleted", true);
        changed.add(delta);
    }

    // ---- what the connector does

    Installation.Response ask() {
        return call("ask", "{\"directories\":[\"corp\"]}");
    }

    Installation.Response page(String job, int sequence, List<ObjectNode> page) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("job", job).put("sequence", sequence);
        page.forEach(body.putArray("entries")::add);
        return call("page", body.toString());
    }

    Installation.Response end(String job) {
        return call("end", "{\"job\":\"" + job + "\",\"outcome\":\"done\",\"cursor\":\"dirsync:" + job + "\"}");
    }

    Installation.Response call(String what, String body) {
        return service.connect(
                "POST",
                "/directory/" + what,
                Map.of(
                        DoorFields.DOOR,
                        DoorFields.ENROLL,
                        DoorFields.CLIENT_CERTIFICATE,
                        connector.certificateFingerprint()),
                body);
    }

    /// What of the directory a job of this kind is told.
    List<ObjectNode> told(JsonNode job) {
        List<ObjectNode> all =
                job.path("kind").asString().equals("delta") ? List.copyOf(changed) : List.copyOf(entries.values());
        changed.clear();
        return all;
    }

    /// A whole cycle, finished. @return the kind of the job
    String cycle() {
        JsonNode job = ask().json().path("job");
        if (job.isMissingNode()) {
            throw new AssertionError("no job was given");
        }
        String id = job.path("id").asString();
        List<ObjectNode> all = told(job);
        int sequence = 0;
        for (int from = 0; from < all.size(); from += job.path("pageEntries").asInt()) {
            Installation.Response answer = page(
                    id,
                    sequence,
                    all.subList(
                            from,
                            Math.min(all.size(), from + job.path("pageEntries").asInt())));
            sequence++;
            if (answer.status() != 200 || answer.json().path("next").asInt() != sequence) {
                throw new AssertionError(
                        "page " + sequence + ": " + answer.raw().body());
            }
        }
        if (end(id).status() != 200) {
            throw new AssertionError("the end was refused");
        }
        service.administration.services().synchronisation().work();
        return job.path("kind").asString();
    }
}
