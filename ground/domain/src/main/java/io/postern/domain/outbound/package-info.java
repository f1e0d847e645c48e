/// Users and groups that are provisioned to applications: what an application is told of whom. Pure.
package io.postern.domain.outbound;
