/// Takes what the data plane reports and writes it down, on threads of its own.
package io.postern.admin.audit;
