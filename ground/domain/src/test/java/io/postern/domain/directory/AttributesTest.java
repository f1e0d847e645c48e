package io.postern.domain.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTest {
    @Test
    void aUserIsAMemberUnlessItSaysOtherwise() {
        assertEquals("Member", Attributes.NONE.userType());
        assertEquals("Guest", new Attributes(Map.of("userType", List.of("Guest"))).userType());
    }

    @Test
    void whatIsClearedIsAbsent() {
        Attributes known = Attributes.NONE.with("department", Optional.of("Sales"));

        assertEquals(Optional.of("Sales"), known.first("department"));
        assertEquals(Attributes.NONE, known.with("department", Optional.empty()));
    }

    @Test
    void aTenantMakesUpAttributesOfItsOwn() {
        String name = "extension_0a1b2c3d_costCentre";

        Attributes known = Attributes.NONE.with(name, Optional.of("4711"));

        assertEquals(Optional.of("4711"), known.first(name));
        assertThrows(IllegalArgumentException.class, () -> Attributes.NONE.with("extension_x", Optional.of("4711")));
        Attributes many = Attributes.NONE;
        for (int i = 0; i < 100; i++) {
            many = many.with("extension_0a_n" + i, Optional.of("x"));
        }
        Attributes full = many;
        assertThrows(IllegalArgumentException.class, () -> full.with("extension_0a_more", Optional.of("x")));
    }

    @ParameterizedTest
    @CsvSource({"shoeSize, 44", "department, ' '", "userType, Boss", "usageLocation, de", "preferredLanguage, deutsch!"
    })
    void refusesWhatDoesNotFit(String name, String value) {
        assertThrows(IllegalArgumentException.class, () -> Attributes.NONE.with(name, Optional.of(value)));
    }

    @Test
    void refusesControlCharactersAndLongTexts() {
        for (String value : List.of("a\nb", "x".repeat(257))) {
            assertThrows(IllegalArgumentException.class, () -> Attributes.NONE.with("city", Optional.of(value)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "a,b", "\"quoted\"", "back\\slash", ".dot", "", "ümlaut"})
    void aRoleValueHasNoSpaces(String value) { // ASG-7
        assertThrows(IllegalArgumentException.class, () -> role("0b9cbd51-59a9-4f1f-8d4e-3ff0a8a5e1a1", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wiki.edit", "Task.Write-All", "a/b:c", "R!"})
    void aRoleValueMayBeAnyOtherName(String value) {
        assertEquals(
                Optional.of(value),
                role("0B9CBD51-59a9-4f1f-8d4e-3ff0a8a5e1a1", value).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000-0000-0000-0000-000000000000", "x", "1-2-3-4-5"})
    void aRoleIdIsAUuidAndNotThatOfDefaultAccess(String id) {
        assertThrows(IllegalArgumentException.class, () -> role(id, "v"));
    }

    private static AppRole role(String id, String value) {
        return new AppRole(id, "Editor", Optional.of(value), "", Set.of(AppRole.Member.USER), true);
    }
}
