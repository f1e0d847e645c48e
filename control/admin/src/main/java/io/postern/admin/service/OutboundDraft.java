package io.postern.admin.service;

import io.postern.base.Secret;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import java.util.List;
import java.util.Map;

/// What a caller says of provisioning to an application; what he leaves out stays.
///
/// @param secret token, or secret of the client
/// @param client empty where a token is used
/// @param mapping what differs from the usual mapping, whole
public record OutboundDraft(
        Edit<String> target,
        Edit<Secret> secret,
        Edit<Client> client,
        Edit<Match> match,
        Edit<List<Step>> steps,
        Edit<Boolean> groups,
        Edit<Map<String, String>> mapping,
        Edit<Integer> deletions,
        Edit<Integer> deletionsPercent) {
    /// Who we are at the endpoint where tokens are fetched.
    public record Client(String tokenUrl, String id, String scope) {}
}
