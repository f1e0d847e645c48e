package io.postern.domain.claims;

import io.postern.domain.AppId;
import java.util.Optional;
import java.util.function.Supplier;

/// For which token, and how, a policy is evaluated.
///
/// @param issuer of the token, said as the identity provider of the user
/// @param requested NameID format that the request asks for
/// @param groupsLink where the groups can be read when they are too many
/// @param random a fresh unguessable text for each call, for transient identifiers
public record Issue(
        TokenKind token,
        AppId application,
        String issuer,
        PairwiseIds pairwise,
        Optional<NameIdFormat> requested,
        Optional<String> groupsLink,
        Supplier<String> random) {}
