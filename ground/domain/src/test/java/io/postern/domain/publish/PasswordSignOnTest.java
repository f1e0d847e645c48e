package io.postern.domain.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.InternalUrl;
import io.postern.domain.publish.PasswordSignOn.Way;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordSignOnTest {
    private static final InternalUrl ONE = InternalUrl.parse("http://wiki.corp/");

    /// PWD-11.
    @ParameterizedTest
    @EnumSource(Way.class)
    void isForOneBackend(Way way) {
        PasswordSignOn signOn = signOn(way, way == Way.FORM ? "/login" : "");

        signOn.checkWith(ONE, false);
        assertEquals(
                "singleSignOnMode 'password' is for one backend, and the application has segments; publish the backend"
                        + " that takes names and passwords as an application of its own (PWD-11)",
                refused(() -> signOn.checkWith(ONE, true)));
        assertEquals(
                "singleSignOnMode 'password' is for one backend, and the application has the wildcard"
                        + " 'http://*.corp/'; publish the backend that takes names and passwords as an application of"
                        + " its own (PWD-11)",
                refused(() -> signOn.checkWith(InternalUrl.parse("http://*.corp/"), false)));
    }

    /// PWD-4.
    @ParameterizedTest
    @ValueSource(strings = {"", "login", "//evil.example/login", "http://evil.example/", "/a b", "/a\\b", "/a#b"})
    void thePageIsAPathOfTheBackend(String page) {
        assertEquals(
                "signOnPage '" + page + "' is no path of the backend; it begins with one slash, such as /login, and has"
                        + " no blanks (PWD-4)",
                refused(() -> signOn(Way.FORM, page)));
    }

    @Test
    void basicHasNoPage() {
        assertEquals(
                "signOnPage '/login' is of no use with HTTP Basic; leave it out",
                refused(() -> signOn(Way.BASIC, "/login")));
    }

    private static String refused(Runnable step) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, step::run).getMessage());
    }

    private static PasswordSignOn signOn(Way way, String page) {
        return new PasswordSignOn(
                way, page, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
