/// The REST API in the shape of Microsoft Graph (docs/api.md): one class per resource, a table of
/// routes, one place where outcomes become answers. Decides nothing.
package io.postern.admin.graph;
