// Package successfactors reads people from SAP SuccessFactors Employee Central.
package successfactors
