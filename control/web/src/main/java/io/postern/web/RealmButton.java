package io.postern.web;

/// Leads to a sign-in elsewhere.
///
/// @param id what the form says when it is pressed
public record RealmButton(String id, String name) {}
