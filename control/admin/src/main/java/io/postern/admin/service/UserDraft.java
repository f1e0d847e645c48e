package io.postern.admin.service;

import io.postern.base.Secret;
import java.util.List;
import java.util.Map;

/// What somebody asks for of a user; for a new one name, display name and password are needed.
///
/// @param forceChangePassword only together with a password
/// @param attributes by Graph name
/// @param lists those with several values, by Graph name
public record UserDraft(
        Edit<String> userPrincipalName,
        Edit<String> displayName,
        Edit<String> givenName,
        Edit<String> surname,
        Edit<String> mail,
        Edit<Boolean> accountEnabled,
        Edit<Secret> password,
        Edit<Boolean> forceChangePassword,
        Map<String, Edit<String>> attributes,
        Map<String, Edit<List<String>>> lists) {
    public UserDraft {
        attributes = Map.copyOf(attributes);
        lists = Map.copyOf(lists);
    }

    /// Without attributes of several values.
    public UserDraft(
            Edit<String> userPrincipalName,
            Edit<String> displayName,
            Edit<String> givenName,
            Edit<String> surname,
            Edit<String> mail,
            Edit<Boolean> accountEnabled,
            Edit<Secret> password,
            Edit<Boolean> forceChangePassword,
            Map<String, Edit<String>> attributes) {
        this(
                userPrincipalName,
                displayName,
                givenName,
                surname,
                mail,
                accountEnabled,
                password,
                forceChangePassword,
                attributes,
                Map.of());
    }

    /// Anything but the password.
    boolean changesPerson() {
        return userPrincipalName.given()
                || displayName.given()
                || givenName.given()
                || surname.given()
                || mail.given()
                || accountEnabled.given()
                || !attributes.isEmpty()
                || !lists.isEmpty();
    }
}
