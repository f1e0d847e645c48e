package io.postern.domain.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.postern.domain.claims.Operand.Attribute;
import io.postern.domain.claims.Operand.Constant;
import io.postern.domain.claims.Operand.Scope;
import io.postern.domain.claims.Transformation.Extract;
import io.postern.domain.claims.Transformation.Extract.Part;
import io.postern.domain.claims.Transformation.ExtractMailPrefix;
import io.postern.domain.claims.Transformation.ExtractRun;
import io.postern.domain.claims.Transformation.IfEmpty;
import io.postern.domain.claims.Transformation.Join;
import io.postern.domain.claims.Transformation.Matches;
import io.postern.domain.claims.Transformation.Matches.Where;
import io.postern.domain.claims.Transformation.RegexReplace;
import io.postern.domain.claims.Transformation.Substring;
import io.postern.domain.claims.Transformation.ToLowercase;
import io.postern.domain.claims.Transformation.ToUppercase;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of transformations in 3.4.1, row by row.
class TransformationTest {
    private static final Scope CLAIM = new Scope(People.SIMON, "pairwise", false);
    private static final Scope NAME_ID = new Scope(People.SIMON, "pairwise", true);

    static Stream<Arguments> rows() {
        Operand yes = new Constant("yes");
        Optional<Operand> no = Optional.of(new Constant("no"));
        Optional<Operand> none = Optional.empty();
        return Stream.of(
                arguments("ExtractMailPrefix", "mail", new ExtractMailPrefix(), "bs"),
                arguments("ExtractMailPrefix, no at sign", "surname", new ExtractMailPrefix(), "Simon"),
                arguments("Join", "givenName", new Join(".", new Attribute("surname")), "Britta.Simon"),
                arguments(
                        "Join keeps the domain in a claim",
                        "mail",
                        new Join("@", new Constant("fabrikam.example")),
                        "bs@contoso.example@fabrikam.example"),
                arguments("Join of nothing", "city", new Join(".", new Attribute("surname")), ""),
                arguments("Join with nothing", "surname", new Join(".", new Attribute("city")), ""),
                arguments("ToLowercase", "userPrincipalName", new ToLowercase(), "b.simon@contoso.example"),
                arguments("ToUppercase", "surname", new ToUppercase(), "SIMON"),
                arguments("Contains", "mail", new Matches(Where.CONTAINS, "@contoso", yes, no), "yes"),
                arguments("Contains not", "mail", new Matches(Where.CONTAINS, "@fabrikam", yes, no), "no"),
                arguments("Contains not, no output", "mail", new Matches(Where.CONTAINS, "x@", yes, none), ""),
                arguments("StartWith", "country", new Matches(Where.STARTS, "D", yes, no), "yes"),
                arguments("StartWith not", "country", new Matches(Where.STARTS, "E", yes, no), "no"),
                arguments(
                        "EndWith", "mail", new Matches(Where.ENDS, ".example", new Attribute("surname"), no), "Simon"),
                arguments("EndWith not", "mail", new Matches(Where.ENDS, ".test", yes, no), "no"),
                arguments("Extract after", "department", new Extract(Part.AFTER, "Finance_", ""), "BSimon_US"),
                arguments("Extract before", "department", new Extract(Part.BEFORE, "_US", ""), "Finance_BSimon"),
                arguments("Extract between", "department", new Extract(Part.BETWEEN, "Finance_", "_US"), "BSimon"),
                arguments("Extract without match", "department", new Extract(Part.AFTER, "Sales_", ""), ""),
                arguments("Extract between, no end", "department", new Extract(Part.BETWEEN, "Finance_", "_DE"), ""),
                arguments("ExtractAlpha prefix", "jobTitle", new ExtractRun(false, true), "BSimon"),
                arguments("ExtractAlpha suffix", "employeeId", new ExtractRun(false, false), "BSimon"),
                arguments("ExtractNumeric prefix", "employeeId", new ExtractRun(true, true), "123"),
                arguments("ExtractNumeric suffix", "jobTitle", new ExtractRun(true, false), "123"),
                arguments("ExtractNumeric none", "surname", new ExtractRun(true, true), ""),
                arguments("IfEmpty", "city", new IfEmpty(true, new Attribute("extensionAttribute7"), none), "seven"),
                arguments("IfEmpty of something", "surname", new IfEmpty(true, yes, none), "Simon"),
                arguments("IfEmpty else", "surname", new IfEmpty(true, yes, no), "no"),
                arguments("IfNotEmpty", "surname", new IfEmpty(false, yes, none), "yes"),
                arguments("IfNotEmpty of nothing", "city", new IfEmpty(false, yes, none), ""),
                arguments("IfNotEmpty else", "city", new IfEmpty(false, yes, no), "no"),
                arguments("Substring fixed", "surname", new Substring(1, OptionalInt.of(2)), "im"),
                arguments("Substring fixed, short text", "surname", new Substring(3, OptionalInt.of(9)), "on"),
                arguments("Substring to end", "surname", new Substring(3, OptionalInt.empty()), "on"),
                arguments("Substring behind the end", "surname", new Substring(9, OptionalInt.of(1)), ""),
                arguments(
                        "RegexReplace",
                        "mail",
                        RegexReplace.of(
                                "(?'domain'^.*?)(?i)(@CONTOSO)(?'suffix'.*?$)",
                                "{domain}@fabrikam.{country}",
                                List.of(new Attribute("country")),
                                none),
                        "bs@fabrikam.DE"),
                arguments(
                        "RegexReplace numbered",
                        "surname",
                        RegexReplace.of("^(.)", "<$1>", List.of(), none),
                        "<S>imon"),
                arguments(
                        "RegexReplace each match",
                        "jobTitle",
                        RegexReplace.of("[0-9]", "#", List.of(), none),
                        "BSimon_###"),
                arguments("RegexReplace without match", "surname", RegexReplace.of("[0-9]", "#", List.of(), no), "no"),
                arguments("RegexReplace to nothing", "surname", RegexReplace.of("[0-9]", "#", List.of(), none), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void eachRowOfTheTable(String name, String attribute, Transformation step, String expected) {
        var source = new Source(new Attribute(attribute), List.of(step));

        assertEquals(expected, source.value(CLAIM).orElse(""), name);
    }

    @Test
    void joinDropsTheDomainInANameId() {
        var source = new Source(new Attribute("mail"), List.of(new Join("@", new Constant("fabrikam.example"))));

        assertEquals("bs@fabrikam.example", source.value(NAME_ID).orElseThrow());
    }

    @Test
    void theSecondStepWorksOnTheOutcomeOfTheFirst() {
        var source = new Source(new Attribute("user.mail"), List.of(new ExtractMailPrefix(), new ToUppercase()));

        assertEquals("BS", source.value(CLAIM).orElseThrow());
    }

    @Test
    void moreThanTwoStepsAreRefused() {
        var fault = assertThrows(
                ClaimsFault.class,
                () -> new Source(
                        new Attribute("mail"), List.of(new ToLowercase(), new ToLowercase(), new ToLowercase())));

        assertTrue(String.valueOf(fault.getMessage()).contains("CLM-1"), fault.getMessage());
    }

    @Test
    void everyValueOfAMultivaluedSourceIsWorkedOn() {
        var source = new Source(new Attribute("otherMails"), List.of(new ExtractMailPrefix()));

        assertEquals(List.of("a", "b"), source.values(CLAIM, true));
        assertEquals(List.of("a"), source.values(CLAIM, false));
    }

    @ParameterizedTest
    @MethodSource("badPatterns")
    void refusesWhatRe2CannotDoOrWouldMakeHuge(String pattern, String replacement) {
        assertThrows(ClaimsFault.class, () -> RegexReplace.of(pattern, replacement, List.of(), Optional.empty()));
    }

    static Stream<Arguments> badPatterns() {
        return Stream.of(
                arguments("(?=x)a", ""),
                arguments("(a)\\1", ""),
                arguments("(", ""),
                arguments("", "x"),
                arguments("((a{100}){100}){100}", ""),
                arguments("((a{30,}){30,}){30,}", ""),
                arguments("a".repeat(513), ""),
                arguments("a", "{unknown}"),
                arguments("(a)", "$2"),
                arguments("a", "x".repeat(513)));
    }

    @Test
    void aPatternThatRunsAwayElsewhereIsDoneInLinearTime() {
        // backtracking engines need 2^1000 steps here and would never come back
        var replace = new RegexReplacement("^(a+)+$", "x", java.util.Set.of());

        assertEquals(Optional.empty(), replace.apply("a".repeat(1000) + "b", java.util.Map.of()));
        assertEquals(Optional.of("x"), replace.apply("a".repeat(1000), java.util.Map.of()));
    }

    @Test
    void longInputsAndOutcomesCountAsNoMatch() {
        var replace = new RegexReplacement(".", "y".repeat(500), java.util.Set.of());

        assertEquals(Optional.empty(), replace.apply("a".repeat(1025), java.util.Map.of()));
        assertEquals(Optional.empty(), replace.apply("a".repeat(100), java.util.Map.of()));
    }

    @Test
    void everyAttributeOfTheCatalogueIsKnownInBothSpellings() {
        IntStream.rangeClosed(1, 15)
                .mapToObj(i -> "user.ExtensionAttribute" + i)
                .forEach(AttributeNames::canonical);
        assertEquals("onPremisesSamAccountName", AttributeNames.canonical("user.onpremisessamaccountname"));
        assertEquals("id", AttributeNames.canonical("user.objectid"));
        assertEquals("extension_0a1b_costCentre", AttributeNames.canonical("user.extension_0a1b_costCentre"));
        assertThrows(ClaimsFault.class, () -> AttributeNames.canonical("user.password"));
    }
}
