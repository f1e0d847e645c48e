/// What every page and endpoint of the control plane shares: the facts that the gateway tells about a
/// request, security fields of answers, parameters, cookies, cross-site request protection, JSON, and
/// pages rendered from precompiled templates in one look. Knows no store and no rules of a room.
/// Floor 3.
package io.postern.web;
