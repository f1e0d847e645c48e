package io.postern.domain.scim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
    private static final Map<String, Object> BARBARA = Map.of(
            "id",
            "2819c223",
            "externalId",
            "Bjensen",
            "userName",
            "bjensen@contoso.example",
            "title",
            "Tour Guide",
            "active",
            true,
            "name",
            Map.of("familyName", "O'Malley", "givenName", "Barbara \"Babs\""),
            "emails",
            List.of(
                    Map.of("value", "bjensen@contoso.example", "type", "work", "primary", true),
                    Map.of("value", "babs@home.example", "type", "home")),
            "meta",
            Map.of("created", "2026-05-13T04:42:34Z"),
            ResourceType.ENTERPRISE_SCHEMA,
            Map.of("department", "Tour Operations", "manager", Map.of("value", "26118915")));

    /// Those of RFC 7644 §3.4.2.2 among them.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "userName eq \"bjensen@contoso.example\" | true",
                "USERNAME Eq \"BJENSEN@contoso.example\" | true",
                "externalId eq \"bjensen\" | false",
                "externalId eq \"Bjensen\" | true",
                "name.familyName co \"O'Malley\" | true",
                "name.givenName eq \"barbara \\\"babs\\\"\" | true",
                "userName sw \"BJ\" | true",
                "userName ew \".example\" | true",
                "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\" | false",
                "title pr | true",
                "nickName pr | false",
                "nickName eq null | true",
                "title ne null | true",
                "nickName ne \"x\" | true",
                "meta.created gt \"2026-05-13T04:42:33Z\" | true",
                "meta.created le \"2026-05-13T06:42:34+02:00\" | true",
                "meta.created lt \"2026-05-13T04:42:34Z\" | false",
                "title pr and userType eq \"Employee\" | false",
                "title pr or userType eq \"Intern\" | true",
                "userType eq \"x\" and userType eq \"y\" or title pr | true",
                "userType eq \"x\" and (userType eq \"y\" or title pr) | false",
                "not (userType eq \"x\") and title pr | true",
                "not (title pr) | false",
                "emails co \"home.example\" | true",
                "emails.value eq \"babs@home.example\" | true",
                "emails.type eq \"work\" and emails.value co \"@home\" | true",
                "emails[type eq \"work\" and value co \"@home\"] | false",
                "emails[type eq \"home\" and value co \"@home\"] | true",
                "emails[type eq \"work\"].value eq \"bjensen@contoso.example\" | true",
                "emails[not (type eq \"work\") and primary pr] | false",
                "emails[primary eq \"True\"] | true",
                "active eq true | true",
                "active eq \"False\" | false",
                "active ne false | true",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"tour operations\" | true",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq \"26118915\" | true",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"x\" | false",
                "title eq \"Tour\\u0020Guide\" | true",
                "title ge \"tour\" | true",
            })
    void decides(String filter, boolean expected) {
        assertEquals(
                expected, Matching.of(ResourceType.USER, Filter.parse(filter)).test(BARBARA));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "userName | at character 9: an operator is expected at the end",
                "userName is \"x\" | at character 10: an operator is expected (eq",
                "userName eq | at character 12: a value is expected at the end",
                "userName eq x | at character 13: a value is expected",
                "userName eq 'x' | at character 13: a value is expected",
                "userName eq \"x | at character 13: the quote is never closed",
                "userName eq \"\\x\" | a backslash in a text stands before one of",
                "(userName eq \"x\" | at character 17: ')' is expected at the end",
                "userName eq \"x\") | at character 16: 'and', 'or' or the end is expected, not ')'",
                "userName eq \"x\" and | a name",
                "emails[type eq \"work\" | ']' is expected at the end",
                "and userName pr | an operator is expected",
                "shoeSize eq 42 | there is no attribute 'shoeSize' of a User",
                "emails[size eq 1] | a value of emails has no 'size'",
                "name eq \"x\" | name has parts; name one of them, such as name.formatted",
                "active gt true | it can be eq or ne, and nothing else",
                "active eq \"x\" | is true or false, never 'x'",
                "userName eq true | userName is a text, never true",
                "meta.created gt \"yesterday\" | is a time such as",
                "password eq \"x\" | nobody can search by password",
                "title gt null | can be eq null or ne null",
            })
    void saysWhatIsWrongAndWhere(String filter, String expected) {
        var fault = assertThrows(
                ScimFault.class,
                () -> Matching.of(ResourceType.USER, Filter.parse(filter)).test(BARBARA));

        assertEquals("invalidFilter", fault.type());
        String said = String.valueOf(fault.getMessage());
        assertTrue(
                said.contains(expected) || (expected.equals("a name") && said.contains("the name of an attribute")),
                said);
    }

    @Test
    void boundsWhatStrangersSend() {
        assertThrows(ScimFault.class, () -> Filter.parse("(".repeat(1000) + "title pr" + ")".repeat(1000)));
        assertThrows(ScimFault.class, () -> Filter.parse("title pr or ".repeat(1000) + "title pr"));
        assertThrows(ScimFault.class, () -> Filter.parse("not (".repeat(40) + "title pr" + ")".repeat(40)));
    }
}
