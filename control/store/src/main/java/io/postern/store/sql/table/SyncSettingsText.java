package io.postern.store.sql.table;

import io.postern.domain.sync.DeletionLimit;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.MemberSelection;
import io.postern.domain.sync.PasswordCheck;
import io.postern.domain.sync.SyncSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The settings of a source as JSON.
final class SyncSettingsText {
    private SyncSettingsText() {}

    static String write(SyncSettings settings) {
        ObjectNode json = Columns.JSON.createObjectNode();
        settings.bases().stream().map(DirectoryName::text).forEach(json.putArray("bases")::add);
        settings.excluded().stream().map(DirectoryName::text).forEach(json.putArray("excluded")::add);
        settings.userFilter().ifPresent(filter -> json.put("userFilter", filter));
        settings.groupFilter().ifPresent(filter -> json.put("groupFilter", filter));
        settings.members().groups().stream().map(DirectoryName::text).forEach(json.putArray("membersOf")::add);
        json.put("nested", settings.members().nested());
        ObjectNode mapping = json.putObject("mapping");
        new TreeMap<>(settings.mapping()).forEach(mapping::put);
        json.put("intervalMinutes", settings.interval().toMinutes())
                .put("deletions", settings.deletions().count())
                .put("deletionsPercent", settings.deletions().percent())
                .put("softMatch", settings.softMatch())
                .put("passwordOnPremises", settings.passwordCheck().onPremises())
                .put("passwordTries", settings.passwordCheck().triesMax())
                .put("passwordPauseMinutes", settings.passwordCheck().pause().toMinutes());
        return Columns.json(json);
    }

    static SyncSettings read(String text) {
        JsonNode json = Columns.JSON.readTree(text);
        Map<String, String> mapping = new TreeMap<>();
        json.path("mapping")
                .properties()
                .forEach(entry -> mapping.put(entry.getKey(), entry.getValue().asString()));
        return new SyncSettings(
                names(json.path("bases")),
                names(json.path("excluded")),
                filter(json, "userFilter"),
                filter(json, "groupFilter"),
                new MemberSelection(
                        names(json.path("membersOf")), json.path("nested").asBoolean(true)),
                mapping,
                Duration.ofMinutes(json.path("intervalMinutes").asLong()),
                new DeletionLimit(
                        json.path("deletions").asInt(),
                        json.path("deletionsPercent").asInt()),
                json.path("softMatch").asBoolean(),
                passwordCheck(json));
    }

    private static PasswordCheck passwordCheck(JsonNode json) {
        if (!json.has("passwordOnPremises")) {
            return PasswordCheck.HERE; // written before there was a choice
        }
        return new PasswordCheck(
                json.path("passwordOnPremises").asBoolean(),
                json.path("passwordTries").asInt(),
                Duration.ofMinutes(json.path("passwordPauseMinutes").asLong()));
    }

    private static Optional<String> filter(JsonNode json, String name) {
        return json.has(name) ? Optional.of(json.path(name).asString()) : Optional.empty();
    }

    private static List<DirectoryName> names(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).map(DirectoryName::of).toList();
    }
}
