package io.postern.gateway.admit;

import io.postern.domain.policy.Subject;
import io.postern.gateway.House;

/// The access cookie of a user who has signed in to a house's application.
public final class SignedInCookie {
    private SignedInCookie() {}

    /// `name=value`.
    public static String of(House house, Subject subject) {
        return CookieText.accessName(House.APP) + "=" + new AccessCookie(house.ring).seal(subject, House.APP);
    }
}
