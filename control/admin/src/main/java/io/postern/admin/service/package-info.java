/// What administration does: one class per aggregate, one transaction per call, an audit entry in each.
/// Knows nothing of HTTP and JSON.
package io.postern.admin.service;
