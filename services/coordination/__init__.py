"""The coordinator's joint view: every case of the province, its deadlines first."""
