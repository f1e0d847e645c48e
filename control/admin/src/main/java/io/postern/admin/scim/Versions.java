package io.postern.admin.scim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Versions of documents: what is in one makes it, so that whoever changed a user, by whatever way, changed it.
final class Versions {
    private static final JsonMapper ORDERED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Versions() {}

    /// @param document without `meta`
    static String of(Map<String, Object> document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(ORDERED.writeValueAsBytes(document));
            return "W/\""
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .substring(0, 22) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
