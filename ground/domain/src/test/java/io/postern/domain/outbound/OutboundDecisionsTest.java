package io.postern.domain.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.outbound.OutboundUser.Here;
import io.postern.domain.sync.DeletionLimit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a user at an application, and what it is told (OUT-1).
class OutboundDecisionsTest {
    private static OutboundSettings settings(Set<Step> steps) {
        return new OutboundSettings(
                "https://a.example", new Login.Token(), Match.USER_NAME, steps, true, Map.of(), DeletionLimit.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "ENTITLED,     -,      create update disable delete, Create",
        "ENTITLED,     -,      update disable delete,        Nothing",
        "ENTITLED,     same,   create update disable delete, Nothing",
        "ENTITLED,     other,  create update disable delete, Update",
        "ENTITLED,     other,  create disable delete,        Nothing",
        "ENTITLED,     gone,   disable,                      Update",
        "ENTITLED,     gone,   update,                       Nothing",
        "DISABLED,     -,      create update disable delete, Nothing",
        "DISABLED,     same,   create update disable delete, Disable",
        "DISABLED,     same,   create update delete,         Nothing",
        "DISABLED,     gone,   create update disable delete, Nothing",
        "OUT_OF_SCOPE, -,      create update disable delete, Nothing",
        "OUT_OF_SCOPE, same,   disable,                      Disable",
        "OUT_OF_SCOPE, same,   create update delete,         Nothing",
        "OUT_OF_SCOPE, gone,   create update disable delete, Nothing",
        "GONE,         same,   delete,                       Delete",
        "GONE,         same,   disable,                      Disable",
        "GONE,         gone,   disable,                      Nothing",
        "GONE,         -,      create update disable delete, Nothing"
    })
    void everyCaseHasItsPlan(Here here, String known, String steps, String plan) {
        Map<String, String> wanted = Map.of("userName", "anna");
        Optional<Map<String, String>> sent = switch (known) {
            case "same" -> Optional.of(Map.of("userName", "anna", "active", "true"));
            case "other" -> Optional.of(Map.of("userName", "ann", "active", "true"));
            case "gone" -> Optional.of(Map.of("userName", "anna", "active", "false"));
            default -> Optional.empty();
        };
        Set<Step> allowed = Stream.of(steps.split(" ")).map(Step::parse).collect(Collectors.toSet());

        assertEquals(
                plan,
                new OutboundUser(here, wanted, sent)
                        .plan(settings(allowed))
                        .getClass()
                        .getSimpleName());
    }

    @Test
    void whoIsForgottenIsToldEverythingAgain() {
        var user = new OutboundUser(Here.ENTITLED, Map.of("userName", "anna"), Optional.of(Map.of()));

        assertEquals(
                new OutboundUser.Plan.Update(Map.of("userName", "anna", "active", "true")),
                user.plan(settings(EnumSet.allOf(Step.class))));
    }

    @Test
    void aMappingGivesValuesAndADocument() {
        OutboundMapping mapping = OutboundMapping.of(
                Map.of("title", "none", "nickName", "upper(givenName)", "urn:x:1.0:User:team", "department"));
        Map<String, String> values = mapping.values(Map.of(
                "userprincipalname", List.of("anna@contoso.example"),
                "givenname", List.of("Anna"),
                "mail", List.of("anna@mail.example"),
                "jobtitle", List.of("Guide"),
                "department", List.of("Sales")));

        assertFalse(values.containsKey("title"));
        Map<String, Object> document = OutboundMapping.document(values);
        assertEquals("anna@contoso.example", document.get("userName"));
        assertEquals("ANNA", document.get("nickName"));
        assertEquals(Map.of("givenName", "Anna"), document.get("name"));
        assertEquals(List.of(Map.of("type", "work", "value", "anna@mail.example")), document.get("emails"));
        assertEquals(Map.of("team", "Sales"), document.get("urn:x:1.0:User"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "userName | none | cannot be none",
                "active | accountEnabled | cannot be mapped",
                "password | mail | cannot be mapped",
                "nothing | mail | cannot be mapped",
                "title | jobTitel | no property 'jobtitel'",
                "title | lower(jobTitle | title:"
            })
    void whatIsWrongInAMappingIsTold(String path, String expression, String why) {
        var fault = assertThrows(
                IllegalArgumentException.class, () -> OutboundMapping.of(Map.of(path.strip(), expression.strip())));

        assertTrue(String.valueOf(fault.getMessage()).contains(why), fault.getMessage());
    }
}
