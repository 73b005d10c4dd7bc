@org.jspecify.annotations.NullMarked
package org.jiaozi.bank.registry;
