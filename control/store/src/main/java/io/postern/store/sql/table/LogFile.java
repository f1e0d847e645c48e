package io.postern.store.sql.table;

import io.postern.store.LogField;
import io.postern.store.LogKind;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What an entry can be found by: drawn from its text alone, so that it can be drawn again and compared.
record LogFile(Instant happened, Map<LogField, String> texts) {
    static LogFile of(LogKind log, String entry) {
        JsonNode json = Columns.JSON.readTree(entry);
        return switch (log) {
            case SIGN_IN -> signIn(json);
            case AUDIT -> audit(json);
        };
    }

    static String column(LogField field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    private static LogFile signIn(JsonNode json) {
        var texts = new EnumMap<LogField, String>(LogField.class);
        texts.put(LogField.ID, text(json, "id"));
        texts.put(LogField.CORRELATION, text(json, "correlationId"));
        boolean service = text(json, "userId").isEmpty()
                && !text(json, "servicePrincipalId").isEmpty();
        texts.put(LogField.USER_ID, text(json, service ? "servicePrincipalId" : "userId"));
        texts.put(LogField.USER_NAME, text(json, service ? "servicePrincipalName" : "userPrincipalName"));
        texts.put(LogField.USER_DISPLAY, text(json, "userDisplayName"));
        texts.put(LogField.APP_ID, text(json, "appId"));
        texts.put(LogField.APP_NAME, text(json, "appDisplayName"));
        texts.put(LogField.RESOURCE_ID, text(json, "resourceId"));
        texts.put(LogField.ADDRESS, text(json, "ipAddress"));
        texts.put(LogField.CLIENT_APP, text(json, "clientAppUsed"));
        texts.put(
                LogField.KIND, Columns.key(json.path("signInEventTypes").path(0).asString("")));
        texts.put(
                LogField.CODE,
                Integer.toString(json.path("status").path("errorCode").asInt()));
        return new LogFile(Instant.parse(json.path("createdDateTime").asString()), texts);
    }

    private static LogFile audit(JsonNode json) {
        var texts = new EnumMap<LogField, String>(LogField.class);
        texts.put(LogField.ID, text(json, "id"));
        texts.put(LogField.CORRELATION, text(json, "correlationId"));
        JsonNode user = json.path("initiatedBy").path("user");
        JsonNode app = json.path("initiatedBy").path("app");
        texts.put(LogField.USER_ID, text(user, "id"));
        texts.put(LogField.USER_NAME, text(user, "userPrincipalName"));
        texts.put(LogField.USER_DISPLAY, text(user, "displayName"));
        texts.put(LogField.APP_ID, text(app, "servicePrincipalId"));
        texts.put(LogField.APP_NAME, text(app, "displayName"));
        texts.put(LogField.ADDRESS, text(user.isObject() ? user : app, "ipAddress"));
        texts.put(LogField.ACTIVITY, text(json, "activityDisplayName"));
        texts.put(LogField.CATEGORY, text(json, "category"));
        texts.put(LogField.SERVICE, text(json, "loggedByService"));
        texts.put(LogField.CODE, text(json, "result"));
        texts.put(LogField.TARGET_ID, text(json.path("targetResources").path(0), "id"));
        return new LogFile(Instant.parse(json.path("activityDateTime").asString()), texts);
    }

    private static String text(JsonNode json, String name) {
        return Optional.of(json.path(name))
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .map(Columns::key)
                .orElse("");
    }
}
