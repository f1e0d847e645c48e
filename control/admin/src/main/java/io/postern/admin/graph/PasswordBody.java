package io.postern.admin.graph;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/// The body of `createPasswordSingleSignOnCredentials` (7.2): `{"id":..., "credentials":[{fieldId, value,
/// type}]}`. A password in it never becomes a string, and no buffer that outlives the call holds it.
///
/// @param principal id of a user or group
/// @param userName value of the field of type `username`
/// @param password value of the field of type `password`, UTF-8; for the receiver to wipe
@SuppressWarnings("ArrayRecordComponent") // never compared
record PasswordBody(String principal, String userName, byte[] password) {
    /// Buffers that are kept for the next call would keep passwords too.
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final String SHAPE = "write {\"id\":\"<user or group>\",\"credentials\":[{\"fieldId\":\"user\","
            + "\"value\":\"...\",\"type\":\"username\"},{\"fieldId\":\"password\",\"value\":\"...\","
            + "\"type\":\"password\"}]}";

    private static final class Found {
        private Optional<String> principal = Optional.empty();
        private Optional<String> userName = Optional.empty();
        private Optional<byte[]> password = Optional.empty();
    }

    /// @param body wiped
    /// @throws GraphFault 400
    static PasswordBody read(byte[] body) {
        var found = new Found();
        boolean whole = false;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            expect(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                switch (name) {
                    case "id" -> {
                        expect(json.nextToken(), JsonToken.VALUE_STRING);
                        found.principal = Optional.of(json.getString());
                    }
                    case "credentials" -> {
                        expect(json.nextToken(), JsonToken.START_ARRAY);
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            field(json, found);
                        }
                    }
                    default -> throw GraphFault.of(400, "'" + name + "' is unknown here; " + SHAPE);
                }
            }
            whole = found.principal.isPresent() && found.userName.isPresent() && found.password.isPresent();
        } catch (JacksonException e) {
            throw GraphFault.of(400, "the request body is not valid JSON; " + SHAPE);
        } finally {
            Arrays.fill(body, (byte) 0);
            if (!whole) {
                found.password.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
            }
        }
        if (!whole) {
            throw GraphFault.of(400, "id, a user name or a password is missing; " + SHAPE);
        }
        return new PasswordBody(
                found.principal.orElseThrow(), found.userName.orElseThrow(), found.password.orElseThrow());
    }

    private static void field(JsonParser json, Found found) {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        Optional<byte[]> value = Optional.empty();
        String type = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING);
            switch (name) {
                case "fieldId" -> {
                    // the page's own names are in the application's settings
                }
                case "type" -> type = json.getString();
                case "value" -> value = Optional.of(bytes(json));
                default -> throw GraphFault.of(400, "'" + name + "' is unknown here; " + SHAPE);
            }
        }
        switch (type) {
            case "username", "text" -> found.userName = value.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
            case "password" -> found.password = value;
            default -> {
                value.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
                throw GraphFault.of(400, "type '" + type + "' is unknown; use username or password");
            }
        }
    }

    private static byte[] bytes(JsonParser json) {
        char[] characters = json.getStringCharacters();
        int from = json.getStringOffset();
        int length = json.getStringLength();
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(characters, from, length));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), encoded.arrayOffset(), encoded.capacity() + encoded.arrayOffset(), (byte) 0);
        Arrays.fill(characters, from, from + length, '\0');
        return bytes;
    }

    private static void expect(JsonToken token, JsonToken wanted) {
        if (token != wanted) {
            throw GraphFault.of(400, "the request body has another shape; " + SHAPE);
        }
    }

    @Override
    public String toString() {
        return "PasswordBody[redacted]";
    }
}
