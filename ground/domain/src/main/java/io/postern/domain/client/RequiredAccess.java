package io.postern.domain.client;

import java.util.List;

/// What a client declares that it will ask of a resource (`requiredResourceAccess`).
///
/// @param resourceAppId application id of the resource
/// @param scopes ids of delegated permissions
/// @param roles ids of application permissions
public record RequiredAccess(String resourceAppId, List<String> scopes, List<String> roles) {
    public RequiredAccess {
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
    }
}
