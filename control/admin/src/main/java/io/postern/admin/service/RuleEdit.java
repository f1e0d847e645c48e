package io.postern.admin.service;

/// What somebody asks for of a group's rule.
///
/// @param dynamic whether a rule finds the members
/// @param text the rule
/// @param paused whether it is not evaluated for now
public record RuleEdit(Edit<Boolean> dynamic, Edit<String> text, Edit<Boolean> paused) {
    public static final RuleEdit NONE = new RuleEdit(Edit.none(), Edit.none(), Edit.none());
}
