package io.postern.domain.scim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PatchTest {
    private static final String ENTERPRISE = ResourceType.ENTERPRISE_SCHEMA;

    private static Map<String, Object> user() {
        return new Incoming(ResourceType.USER)
                .document(Map.of(
                        "userName",
                        "b@contoso.example",
                        "displayName",
                        "B",
                        "active",
                        true,
                        "name",
                        Map.of("givenName", "Babs", "familyName", "Jensen"),
                        "emails",
                        List.of(
                                Map.of("value", "b@contoso.example", "type", "work", "primary", true),
                                Map.of("value", "b@home.example", "type", "home"))));
    }

    private static Map<String, Object> op(String op, @Nullable String path, @Nullable Object value) {
        var operation = new HashMap<String, Object>();
        operation.put("op", op);
        if (path != null) {
            operation.put("path", path);
        }
        if (value != null) {
            operation.put("value", value);
        }
        return operation;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static Map<String, Object> patched(Map<String, Object> document, Map<String, Object>... operations) {
        return Patch.read(List.of(operations)).apply(ResourceType.USER, document);
    }

    private static String refused(String op, @Nullable String path, @Nullable Object value) {
        Map<String, Object> before = user();
        var fault =
                assertThrows(ScimFault.class, () -> patched(before, op("replace", "title", "x"), op(op, path, value)));
        assertEquals(user(), before, "nothing is changed");
        return fault.type();
    }

    @Nested
    class Standard {
        @Test
        void addsToWhatIsThere() {
            Map<String, Object> after = patched(
                    user(),
                    op("add", "nickName", "Babs"),
                    op("add", "name.middleName", "Jane"),
                    op(
                            "add",
                            "emails",
                            List.of(Map.of("value", "c@contoso.example", "type", "other", "primary", true))));

            assertEquals("Babs", after.get("nickName"));
            assertEquals(Map.of("givenName", "Babs", "familyName", "Jensen", "middleName", "Jane"), after.get("name"));
            assertEquals(
                    List.of(
                            Map.of("value", "b@contoso.example", "type", "work", "primary", false),
                            Map.of("value", "b@home.example", "type", "home"),
                            Map.of("value", "c@contoso.example", "type", "other", "primary", true)),
                    after.get("emails"),
                    "one is primary: the last that was said to be");
        }

        @Test
        void addsNothingTwice() {
            Map<String, Object> again =
                    patched(user(), op("add", "emails", List.of(Map.of("value", "b@home.example", "type", "home"))));
            assertEquals(user(), again);
        }

        @Test
        void replacesListsWholeAndComplexValuesByPart() {
            Map<String, Object> after = patched(
                    user(),
                    op("replace", "emails", List.of(Map.of("value", "n@contoso.example", "type", "work"))),
                    op("replace", "name", Map.of("familyName", "Smith")));

            assertEquals(List.of(Map.of("value", "n@contoso.example", "type", "work")), after.get("emails"));
            assertEquals(Map.of("givenName", "Babs", "familyName", "Smith"), after.get("name"));
        }

        @Test
        void removesAnAttributeAPartAndValuesThatAFilterFinds() {
            Map<String, Object> after = patched(
                    user(),
                    op("remove", "displayName", null),
                    op("remove", "name.givenName", null),
                    op("remove", "emails[type eq \"home\"]", null),
                    op("remove", "emails[type eq \"pigeon\"]", null));

            assertEquals(
                    Map.of(
                            "userName",
                            "b@contoso.example",
                            "active",
                            true,
                            "name",
                            Map.of("familyName", "Jensen"),
                            "emails",
                            List.of(Map.of("value", "b@contoso.example", "type", "work", "primary", true))),
                    after);
        }

        @Test
        void changesAPartOfTheValuesThatAFilterFinds() {
            Map<String, Object> after =
                    patched(user(), op("replace", "emails[value ew \"home.example\"].value", "n@home.example"));
            assertEquals(
                    List.of(
                            Map.of("value", "b@contoso.example", "type", "work", "primary", true),
                            Map.of("value", "n@home.example", "type", "home")),
                    after.get("emails"));
        }

        @Test
        void refusesWhatCannotBe() {
            assertEquals("invalidPath", refused("add", "shoeSize", "42"));
            assertEquals("invalidPath", refused("add", "emails[type eq", "x"));
            assertEquals("invalidPath", refused("add", "name[givenName eq \"x\"].familyName", "x"));
            assertEquals("mutability", refused("replace", "id", "x"));
            assertEquals("mutability", refused("replace", "meta.created", "2026-01-01T00:00:00Z"));
            assertEquals("mutability", refused("add", "groups", List.of(Map.of("value", "x"))));
            assertEquals("noTarget", refused("remove", null, null));
            assertEquals("noTarget", refused("replace", "emails[type ne \"work\" and type ne \"home\"].value", "x"));
            assertEquals("invalidValue", refused("replace", "active", "maybe"));
            assertEquals("invalidValue", refused("replace", "title", List.of("a", "b")));
            assertEquals("invalidValue", refused("replace", null, "x"));
            assertEquals("invalidSyntax", refused("move", "title", "x"));
            assertEquals(
                    "invalidSyntax",
                    assertThrows(ScimFault.class, () -> Patch.read(List.of())).type());
        }
    }

    /// What Microsoft Entra sends ("Develop a SCIM endpoint", and its known issues).
    @Nested
    class Entra {
        @Test
        void disablesWithTextsForBooleansAndCapitalsForOperations() {
            assertEquals(
                    false, patched(user(), op("Replace", "active", "False")).get("active"));
            assertEquals(
                    false,
                    patched(user(), op("Replace", "active", List.of(Map.of("value", "False"))))
                            .get("active"));
        }

        @Test
        void namesSeveralAttributesWithDotsAndSchemasWithoutAPath() {
            Map<String, Object> after = patched(
                    user(),
                    op(
                            "replace",
                            null,
                            Map.of(
                                    "displayName",
                                    "Bee",
                                    "name.givenName",
                                    "Bea",
                                    "emails[type eq \"work\"].value",
                                    "bee@contoso.example",
                                    ENTERPRISE + ":department",
                                    "Sales",
                                    "id",
                                    "ignored",
                                    "shoeSize",
                                    42)));

            assertEquals("Bee", after.get("displayName"));
            assertEquals(Map.of("givenName", "Bea", "familyName", "Jensen"), after.get("name"));
            assertEquals(
                    List.of(
                            Map.of("value", "bee@contoso.example", "type", "work", "primary", true),
                            Map.of("value", "b@home.example", "type", "home")),
                    after.get("emails"));
            assertEquals(Map.of("department", "Sales"), after.get(ENTERPRISE));
        }

        @Test
        void setsTheManagerByABareId() {
            Map<String, Object> after = patched(user(), op("Add", ENTERPRISE + ":manager", "42"));
            assertEquals(Map.of("manager", Map.of("value", "42")), after.get(ENTERPRISE));

            assertEquals(user(), patched(after, op("Remove", ENTERPRISE + ":manager", null)));
        }

        @Test
        void makesTheValueThatItsFilterDescribes() {
            Map<String, Object> after = patched(
                    Map.of("userName", "b@contoso.example"),
                    op("Add", "phoneNumbers[type eq \"mobile\"].value", "+49 170 1"),
                    op("Replace", "emails[type eq \"work\" and primary eq true].value", "b@contoso.example"));

            assertEquals(List.of(Map.of("type", "mobile", "value", "+49 170 1")), after.get("phoneNumbers"));
            assertEquals(
                    List.of(Map.of("type", "work", "primary", true, "value", "b@contoso.example")),
                    after.get("emails"));
        }
    }

    /// What Okta sends.
    @Nested
    class Okta {
        @Test
        void disablesWithoutAPath() {
            Map<String, Object> after = patched(user(), op("replace", null, Map.of("active", false)));
            assertEquals(false, after.get("active"));
            assertEquals("B", after.get("displayName"));
        }
    }

    @Test
    void leavesOutReadOnlyAndUnknownAttributesOfWholeResources() {
        assertEquals(
                Map.of("userName", "x", ENTERPRISE, Map.of("manager", Map.of("value", "1"))),
                new Incoming(ResourceType.USER)
                        .document(Map.of(
                                "USERNAME",
                                "x",
                                "id",
                                "1",
                                "meta",
                                Map.of("created", "x"),
                                "groups",
                                List.of(Map.of("value", "g")),
                                "shoeSize",
                                42,
                                "nickName",
                                "",
                                "schemas",
                                List.of("urn:x"),
                                ENTERPRISE.toUpperCase(java.util.Locale.ROOT),
                                Map.of("manager", Map.of("value", "1", "displayName", "read-only")))));
    }

    @Test
    void showsWhatIsAskedFor() {
        Map<String, Object> document = user();
        document.put("id", "1");
        document.put(ENTERPRISE, Map.of("department", "Sales", "division", "X"));

        assertEquals(
                Map.of("id", "1", "userName", "b@contoso.example", "name", Map.of("familyName", "Jensen")),
                shown("name.familyName", null, document));
        assertEquals(
                Map.of("id", "1", "userName", "b@contoso.example", ENTERPRISE, Map.of("department", "Sales")),
                shown(ENTERPRISE + ":department", null, document));
        assertEquals(
                Map.of(
                        "id", "1",
                        "userName", "b@contoso.example",
                        "displayName", "B",
                        "active", true,
                        "name", Map.of("givenName", "Babs")),
                shown(null, "emails, name.familyName,id," + ENTERPRISE, document));
    }

    private static Map<String, Object> shown(
            @Nullable String attributes, @Nullable String excluded, Map<String, Object> document) {
        return Projection.of(
                        ResourceType.USER,
                        java.util.Optional.ofNullable(attributes),
                        java.util.Optional.ofNullable(excluded))
                .of(document);
    }
}
