package io.postern.domain.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipRuleTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String GROUP = "11111111-2222-3333-4444-555555555555";
    private static final String BOSS = "62e19b97-8b3d-4d4a-a106-4ce66896a863";

    /// Department Sales, hired ten days ago, two more addresses; no city.
    private static final Candidate ANN = new Candidate(
            "b215ab18-2fd9-4774-8d85-96cbbf7bd0b3",
            Map.ofEntries(
                    Map.entry("id", List.of("b215ab18-2fd9-4774-8d85-96cbbf7bd0b3")),
                    Map.entry("displayName", List.of("Ann \"Annie\" O'Hara")),
                    Map.entry("department", List.of("Sales")),
                    Map.entry("jobTitle", List.of("Head of Sales (EMEA)")),
                    Map.entry("accountEnabled", List.of("true")),
                    Map.entry("mobilePhone", List.of("+49 30 1234")),
                    Map.entry("employeeHireDate", List.of("2026-11-12")),
                    Map.entry("manager", List.of(BOSS)),
                    Map.entry("extension_434c19f778424b0f838ff87287263416_costCentre", List.of("4711")),
                    Map.entry("otherMails", List.of("ann@home.example", "a.ohara@club.example"))),
            Set.of(GROUP));

    private static boolean holds(String rule) {
        return MembershipRule.parse(rule).holds(ANN, NOW);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user.department -eq \"sales\"",
                "user.department eq \"SALES\"",
                "user.department -EQ 'Sales'",
                "user.department -ne \"Sale\"",
                "user.department -startsWith \"sa\"",
                "user.department -notStartsWith \"ales\"",
                "user.department -endsWith \"ES\"",
                "user.department -notEndsWith \"longer than the value\"",
                "user.department -contains \"ALE\"",
                "user.department -notContains \"alee\"",
                "user.department -match \"^s.l\"",
                "user.department -match \"LES$\"",
                "user.department -notMatch \"^ales\"",
                "user.department -in [\"Marketing\",\"SALES\"]",
                "user.department -notIn [\"Marketing\"]",
                "user.displayName -eq \"Ann `\"Annie`\" O'Hara\"",
                "user.displayName -eq 'Ann \"Annie\" O''Hara'",
                "user.jobTitle -match \"\\(EMEA\\)$\"",
                "user.accountEnabled -eq true",
                "user.accountEnabled -ne \"false\"",
                "user.objectId -ne null",
                "user.mobile -startsWith \"+49\"",
                "user.extension_434c19f778424b0f838ff87287263416_costCentre -eq \"4711\"",
                "user.employeeHireDate -ge system.now -minus p11d",
                "user.employeeHireDate -le system.now -minus p1w",
                "user.employeeHireDate -le system.now",
                "user.employeeHireDate -le system.now -plus p1dt12h",
                "user.employeeHireDate -eq \"2026-11-12T00:00:00Z\"",
                "user.employeeHireDate -ge \"2026-11-12T01:00:00+01:00\"",
                "user.employeeHireDate -ne \"2026-11-13\"",
                "user.otherMails -any (_ -endsWith \"@club.example\")",
                "user.otherMails -all (_ -contains \"@\")",
                "user.otherMails -contains \"home\"",
                "user.otherMails -notContains \"work\"",
                "user.otherMails -ne null",
                "user.memberof -any (group.objectId -in ['11111111-2222-3333-4444-555555555555'])",
                "user.memberOf -any (group.objectId -eq \"11111111-2222-3333-4444-555555555555\")",
                "Direct Reports for \"62e19b97-8b3d-4d4a-a106-4ce66896a863\"",
                "direct reports for 62E19B97-8B3D-4D4A-A106-4CE66896A863"
            })
    void holdsForAnn(String rule) {
        assertTrue(holds(rule), rule);
        if (!rule.toLowerCase(Locale.ROOT).startsWith("direct")) {
            assertFalse(holds("-not " + rule), rule);
            assertFalse(holds("not (" + rule + ")"), rule);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -eq "Berlin"         | false
        -ne "Berlin"         | true
        -startsWith "B"      | false
        -notStartsWith "B"   | true
        -endsWith ""         | false
        -contains ""         | false
        -notContains "B"     | true
        -match ".*"          | false
        -notMatch ".*"       | true
        -in ["Berlin"]       | false
        -notIn ["Berlin"]    | true
        -eq null             | true
        -ne null             | false
        """)
    void whatIsNotKnownEqualsNothing(String asked, boolean answer) {
        assertEquals(answer, holds("user.city " + asked));
    }

    @Test
    void ofAnEmptyCollectionAllHoldsAndAnyDoesNot() {
        assertTrue(holds("user.proxyAddresses -all (_ -startsWith \"smtp:\")"));
        assertFalse(holds("user.proxyAddresses -any (_ -startsWith \"smtp:\")"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user.department -eq \"Sale\"",
                "user.department -ne \"SALES\"",
                "user.department -startsWith \"ales\"",
                "user.department -notStartsWith \"SA\"",
                "user.department -endsWith \"Sale\"",
                "user.department -notEndsWith \"es\"",
                "user.department -contains \"salesx\"",
                "user.department -notContains \"AL\"",
                "user.department -match \"^ales\"",
                "user.department -notMatch \"s$\"",
                "user.department -in [\"Sale\",\"Marketing\"]",
                "user.department -notIn [\"x\",\"sales\"]",
                "user.accountEnabled -eq false",
                "user.accountEnabled -ne true",
                "user.employeeHireDate -ge system.now -minus p9d",
                "user.employeeHireDate -le system.now -minus p11d",
                "user.employeeHireDate -ne \"2026-11-12\"",
                "user.otherMails -notContains \"home\"",
                "user.otherMails -all (_ -contains \"club\")",
                "user.otherMails -any (_ -startsWith \"club\")",
                "user.memberOf -any (group.objectId -eq \"99999999-2222-3333-4444-555555555555\")",
                "Direct Reports for \"11111111-2222-3333-4444-555555555555\""
            })
    void doesNotHoldForAnn(String rule) {
        assertFalse(holds(rule), rule);
    }

    /// -not before -and before -or; every row would come out otherwise with another order.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -not T -or T        | true
        -not (T -or T)      | false
        T -or T -and F      | true
        (T -or T) -and F    | false
        F -and T -or T      | true
        F -and (T -or T)    | false
        -not F -and F       | false
        -not (F -and F)     | true
        -not -not T         | true
        """)
    void precedence(String form, boolean answer) {
        String rule = form.replace("T", "user.department -eq \"Sales\"").replace("F", "user.city -eq \"x\"");
        assertEquals(answer, holds(rule), rule);
    }

    @Test
    void whatAnyAsksGoesAsFarAsItCanOrStandsInBrackets() {
        assertTrue(holds("user.otherMails -any _ -contains \"nowhere\" -or _ -contains \"club\""));
        assertFalse(
                holds("user.otherMails -any (_ -contains \"ann\" -and _ -contains \"club\")"), "of one and the same");
        assertTrue(holds("(user.otherMails -any (_ -contains \"club\")) -and user.department -eq \"Sales\""));
        assertFalse(holds("user.otherMails -any (_ -contains \"club\") -and user.department -eq \"x\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        user.department -eq Sales                 | 1 | 21 | found 'Sales', expected a text in quotes
        user.Department -eq "Sales"               | 1 | 1  | expected 'user.department': the case of names counts
        user.shoeSize -eq "44"                    | 1 | 1  | a user has no 'shoeSize'; known are accountEnabled
        department -eq "Sales"                    | 1 | 1  | expected a property such as user.department
        user.department = "Sales"                 | 1 | 17 | found '=', expected
        user.department -like "Sales"             | 1 | 17 | found '-like', expected an operator
        user.department -le "Sales"               | 1 | 17 | -le does not fit user.department, a text; use -eq
        user.accountEnabled -contains "t"         | 1 | 21 | -contains does not fit user.accountEnabled
        user.accountEnabled -eq yes               | 1 | 25 | found 'yes', expected true, false or null
        user.employeeHireDate -ge "soon"          | 1 | 27 | expected system.now, null or a date
        user.employeeHireDate -ge system.now -minus p1m | 1 | 45 | found 'p1m', expected a period of weeks
        user.employeeHireDate -eq system.now      | 1 | 23 | expected -le or -ge with system.now
        user.department -contains null            | 1 | 27 | null is for -eq and -ne
        user.department -in "Sales"               | 1 | 21 | expected a list such as ["A","B"]
        user.department -in ["Sales" "x"]         | 1 | 30 | expected , or ]
        user.department -in []                    | 1 | 22 | found ']', expected a text in quotes
        (user.department -eq "Sales"              | 1 | 29 | found the end, expected -and, -or or )
        user.department -eq "Sales")              | 1 | 28 | found ')', expected -and, -or or the end
        user.department -eq "Sales                | 1 | 21 | the text that begins here has no end
        user.department -eq “Sales”               | 1 | 21 | expected straight quotes
        user.department -match "(a"               | 1 | 24 | the pattern '(a' cannot be used
        user.department -match "(?=a)"            | 1 | 24 | look-around and back-references are not known
        device.displayName -eq "x"                | 1 | 1  | groups have users here, no devices
        _ -eq "x"                                 | 1 | 1  | _ stands for an element of -any or -all only
        user.otherMails -any (user.city -eq "x")  | 1 | 23 | expected _, the element
        user.department -any (_ -eq "x")          | 1 | 17 | -any does not fit user.department
        user.memberOf -eq "x"                     | 1 | 15 | expected -any
        user.memberOf -any (group.objectId -in ["x"]) | 1 | 41 | expected the object id of a group
        user.memberOf -any (group.displayName -eq "x") | 1 | 21 | expected group.objectId
        Direct Reports for "x"                    | 1 | 20 | expected the object id of the manager
        Direct Reports of "x"                     | 1 | 16 | expected 'for'
        user.department -eq "a" -and              | 1 | 29 | found the end, expected a property
        """)
    void aFaultTellsThePlaceWhatIsThereAndWhatShouldBe(String rule, int line, int column, String told) {
        var fault = assertThrows(RuleFault.class, () -> MembershipRule.parse(rule));
        String message = String.valueOf(fault.getMessage());
        assertTrue(message.startsWith("line " + line + ", column " + column + ": "), message);
        assertTrue(message.contains(told), message);
        assertEquals(column - 1, fault.offset());
    }

    @Test
    void linesCountInFaults() {
        var fault = assertThrows(
                RuleFault.class, () -> MembershipRule.parse("user.city -eq \"a\"\n  -and user.state -is \"b\""));
        assertEquals(
                "line 2, column 19: found '-is', expected an operator such as -eq, -ne, -startsWith, -contains, -match"
                        + " or -in",
                fault.getMessage());
    }

    @Test
    void lengthAndDepthHaveABound() {
        String longest = "user.city -eq \"" + "x".repeat(MembershipRule.LENGTH_MAX - 16) + "\"";
        assertEquals(
                MembershipRule.LENGTH_MAX, MembershipRule.parse(longest).text().length());
        assertThrows(RuleFault.class, () -> MembershipRule.parse(longest + " "));
        assertThrows(RuleFault.class, () -> MembershipRule.parse("(".repeat(3000)));
        assertThrows(RuleFault.class, () -> MembershipRule.parse("not ".repeat(700)));
        assertTrue(holds("(".repeat(90) + "user.city -eq null" + ")".repeat(90)));
    }

    /// Whatever is typed is read or refused by a fault that lies in the rule; nothing else is thrown.
    @Test
    void piecesOfRulesInAnyOrderAreReadOrRefused() {
        String[] pieces = {
            "user.department -eq \"a\"",
            "_ -ne \"b\"",
            "user.otherMails -any (",
            "user.department",
            "user.memberOf",
            "user.otherMails",
            "user.employeeHireDate",
            "user.accountEnabled",
            "_",
            "-eq",
            "-in",
            "-any",
            "-not",
            "-and",
            "-or",
            "-match",
            "-le",
            "null",
            "true",
            "system.now",
            "-minus",
            "p1d",
            "(",
            ")",
            "[",
            "]",
            ",",
            "\"a\"",
            "'",
            "Direct",
            "Reports",
            "for",
            "group.objectId",
            "\n",
            "\u20ac"
        };
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            var rule = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                rule.append(pieces[random.nextInt(pieces.length)]).append(random.nextInt(5) == 0 ? "" : " ");
            }
            try {
                MembershipRule.parse(rule.toString()).explain(ANN, NOW);
                read++;
            } catch (RuleFault e) {
                assertTrue(e.offset() >= 0 && e.offset() <= rule.length(), "seed " + seed + ": " + rule);
            }
        }
        assertTrue(read > 0, "seed " + seed);
    }

    @Test
    void turnsWhenTheClockChangesTheAnswer() {
        MembershipRule recent = MembershipRule.parse("user.employeeHireDate -ge system.now -minus p11d");
        Instant turn = recent.turns(ANN, NOW).orElseThrow();
        assertTrue(recent.holds(ANN, turn.minusMillis(1)));
        assertFalse(recent.holds(ANN, turn));
        assertEquals(Optional.empty(), recent.turns(ANN, turn));

        MembershipRule old =
                MembershipRule.parse("user.city -eq null -and user.employeeHireDate -le system.now -minus p30d");
        Instant later = old.turns(ANN, NOW).orElseThrow();
        assertFalse(old.holds(ANN, later.minusMillis(1)));
        assertTrue(old.holds(ANN, later));

        assertEquals(
                Optional.empty(),
                MembershipRule.parse("user.employeeHireDate -ge \"2026-11-01\"").turns(ANN, NOW));
    }

    @Test
    void namesItsSourcesAndExplainsItself() {
        MembershipRule rule = MembershipRule.parse("user.department -eq \"Sales\" -and (user.city -eq \"Bonn\" -or"
                + " user.memberOf -any (group.objectId -in ['" + GROUP + "','" + BOSS + "']))");

        assertEquals(Set.of(GROUP, BOSS), rule.sources());
        Evaluation all = rule.explain(ANN, NOW);
        assertTrue(all.result());
        assertEquals(rule.text(), all.expression());
        assertEquals(
                new Evaluation("user.department -eq \"Sales\"", true, List.of("Sales"), List.of()),
                all.parts().getFirst());
        Evaluation or = all.parts().getLast();
        assertEquals(
                List.of(false, true),
                or.parts().stream().map(Evaluation::result).toList());
        assertEquals(List.of(GROUP), or.parts().getLast().values());
    }
}
