"""The coordinators' register of experts: finding, reading, deciding, joining what is there twice."""
