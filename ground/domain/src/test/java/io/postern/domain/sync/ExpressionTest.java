package io.postern.domain.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final Map<String, List<String>> ALICE = Map.of(
            "givenname", List.of("Alice"),
            "sn", List.of("Ångström", "Second"),
            "mail", List.of("Alice@Mail.test"),
            "blank", List.of("  "));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mail | Alice@Mail.test",
                "MAIL | Alice@Mail.test",
                "sn | Ångström",
                "'\"Contoso, Ltd\"' | Contoso, Ltd",
                "'\"a \\\" b\"' | a \" b",
                "'firstOf(nothing, mail)' | Alice@Mail.test",
                "'firstOf(blank, mail)' | Alice@Mail.test",
                "lower(mail) | alice@mail.test",
                "upper(sn) | ÅNGSTRÖM",
                "'join(\" \", givenName, nothing, sn)' | Alice Ångström",
                "'lower(firstOf(x, join(\"-\", givenName, \"X\")))' | alice-x"
            })
    void saysWhereAValueComesFrom(String text, String value) {
        assertEquals(Optional.of(value), Expression.parse(text).value(ALICE));
    }

    @Test
    void whatIsNotThereIsNothing() {
        assertEquals(Optional.empty(), Expression.parse("nothing").value(ALICE));
        assertEquals(Optional.empty(), Expression.parse("blank").value(ALICE));
        assertEquals(
                Optional.empty(), Expression.parse("join(\"-\", nothing, x)").value(ALICE));
        assertEquals(
                Set.of("a", "b"),
                Expression.parse("firstOf(A, lower(b), \"c\")").attributes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | at 1 stands the end, expected is an attribute",
                "'mail,' | at 5 stands ',', expected is the end",
                "'trim(mail)' | at 1 stands 't', expected is one of the functions",
                "'lower(mail' | at 11 stands the end, expected is ')'",
                "'lower(mail, sn)' | at 11 stands ',', expected is ')'",
                "'join(sn)' | at 6 stands 's', expected is the text to put between",
                "'\"open' | at 6 stands the end, expected is '\"'",
                "'9a' | at 1 stands '9', expected is an attribute"
            })
    void aFaultNamesThePlaceWhatStandsThereAndWhatIsExpected(String text, String message) {
        var fault = assertThrows(IllegalArgumentException.class, () -> Expression.parse(text));
        assertTrue(String.valueOf(fault.getMessage()).contains(message), fault.getMessage());
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThrows(
                IllegalArgumentException.class, () -> Expression.parse("lower(".repeat(10) + "a" + ")".repeat(10)));
        assertThrows(IllegalArgumentException.class, () -> Expression.parse("a".repeat(2_000)));
    }
}
