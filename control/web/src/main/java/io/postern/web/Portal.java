package io.postern.web;

/// The head of each page of My Apps: who looks, and where else he can go.
///
/// @param here the page that is shown
/// @param requests whether there is anything to ask for, or was
/// @param approvals how many requests wait for him
/// @param approver whether he decides about requests
/// @param signOutUrl leads to the end of his session
public record Portal(
        String displayName,
        String userPrincipalName,
        Tab here,
        boolean requests,
        boolean approver,
        int approvals,
        String securityUrl,
        String sessionsUrl,
        String signOutUrl) {
    public enum Tab {
        APPS,
        REQUESTS,
        APPROVALS,
        ARRANGE
    }
}
